package dev.attache.filters.http.compressor;

import dev.attache.filters.compression.CompressionLibrary;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compressor in the chain. Immutable.
 *
 * @param libraryName as the configuration calls it; part of the statistics' names
 * @param request null: requests pass as they are
 * @param deprecatedFields the response is configured by the filter's own fields; its statistics
 *     then have no {@code response.} in their names
 * @param chooseFirst wins among codings that the client wants equally
 */
record CompressorSpec(
        String libraryName,
        CompressionLibrary library,
        @Nullable BodyRules request,
        BodyRules response,
        ResponseRules responseRules,
        boolean deprecatedFields,
        boolean chooseFirst)
        implements HttpFilterSpec {

    /** Of {@code response_direction_config} alone. */
    record ResponseRules(
            boolean disableOnEtag,
            boolean removeAcceptEncoding,
            Set<Integer> uncompressibleStatuses) {
        ResponseRules {
            uncompressibleStatuses = Set.copyOf(uncompressibleStatuses);
        }
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        CompressorStats stats = CompressorStats.of(scope.stats(), this, scope.worker().index());
        return () -> new CompressorFilter(this, stats);
    }
}
