package dev.attache.filters.decompression.gzip;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.decompression.BodyDecoder;
import dev.attache.filters.decompression.DecompressionLibrary;
import io.envoyproxy.envoy.extensions.compression.gzip.decompressor.v3.Gzip;

/** gzip. */
public final class GzipFactory implements ExtensionCompiler<Gzip, DecompressionLibrary> {
    private static final int DEFAULT_CHUNK = 4096;

    @Override
    public Gzip prototype() {
        return Gzip.getDefaultInstance();
    }

    @Override
    public Compiled<DecompressionLibrary> compile(Gzip proto, CompileContext context) {
        return context.result(
                new GzipLibrary(
                        proto.hasChunkSize() ? proto.getChunkSize().getValue() : DEFAULT_CHUNK,
                        proto.hasMaxInflateRatio()
                                ? proto.getMaxInflateRatio().getValue()
                                : BodyDecoder.MAX_RATIO));
    }
}
