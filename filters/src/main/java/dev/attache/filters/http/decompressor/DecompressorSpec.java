package dev.attache.filters.http.decompressor;

import dev.attache.filters.decompression.DecompressionLibrary;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/**
 * A decompressor in the chain. Immutable.
 *
 * @param libraryName as the configuration calls it; part of the names of statistics and trailers
 * @param advertises servers are told that they may compress
 */
record DecompressorSpec(
        String libraryName,
        DecompressionLibrary library,
        Rules request,
        Rules response,
        boolean advertises)
        implements HttpFilterSpec {

    /**
     * Of one direction.
     *
     * @param ignoresNoTransform also where {@code cache-control} forbids it
     */
    record Rules(boolean enabled, boolean ignoresNoTransform) {}

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        DecompressorStats stats =
                new DecompressorStats(
                        scope.stats()
                                .scope("decompressor." + libraryName + "." + library.statsPrefix()),
                        scope.worker().index());
        return () -> new DecompressorFilter(this, stats);
    }
}
