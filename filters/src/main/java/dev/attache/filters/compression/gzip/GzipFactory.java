package dev.attache.filters.compression.gzip;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.compression.CompressionLibrary;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import java.util.zip.Deflater;

/** gzip. */
public final class GzipFactory implements ExtensionCompiler<Gzip, CompressionLibrary> {
    private static final int DEFAULT_CHUNK = 4096;

    @Override
    public Gzip prototype() {
        return Gzip.getDefaultInstance();
    }

    @Override
    public Compiled<CompressionLibrary> compile(Gzip proto, CompileContext context) {
        int level = proto.getCompressionLevelValue();
        return context.result(
                new GzipLibrary(
                        level == 0 ? Deflater.DEFAULT_COMPRESSION : level,
                        strategy(proto.getCompressionStrategy()),
                        proto.hasChunkSize() ? proto.getChunkSize().getValue() : DEFAULT_CHUNK));
    }

    /** The JDK knows three; the other two only trade size for speed. */
    private static int strategy(Gzip.CompressionStrategy wanted) {
        return switch (wanted) {
            case FILTERED -> Deflater.FILTERED;
            case HUFFMAN_ONLY, RLE, FIXED -> Deflater.HUFFMAN_ONLY;
            case DEFAULT_STRATEGY, UNRECOGNIZED -> Deflater.DEFAULT_STRATEGY;
        };
    }
}
