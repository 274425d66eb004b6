package dev.attache.filters.http.decompressor;

import dev.attache.filters.decompression.BodyDecoder;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** One body that is decoded, and how long it was before and after. Loop-confined. */
final class BodyDecompression implements AutoCloseable {

    private final BodyDecoder decoder;
    private final ByteBufAllocator allocator;
    private final DecompressorStats.Body stats;
    private final String trailerPrefix;
    private long compressed;
    private long uncompressed;

    /**
     * @param libraryName stands in the names of trailers
     */
    BodyDecompression(
            BodyDecoder decoder,
            ByteBufAllocator allocator,
            DecompressorStats.Body stats,
            String libraryName) {
        this.decoder = decoder;
        this.allocator = allocator;
        this.stats = stats;
        this.trailerPrefix = "x-envoy-decompressor-" + libraryName;
    }

    /** What comes of a piece; the caller's to release. */
    ByteBuf decode(ByteBuf data) {
        ByteBuf out = allocator.buffer();
        int length = data.readableBytes();
        boolean whole = false;
        try {
            decoder.decode(data, out);
            whole = true;
        } finally {
            if (!whole) {
                out.release();
            }
        }
        compressed += length;
        uncompressed += out.readableBytes();
        stats.totalCompressedBytes().add(length);
        stats.totalUncompressedBytes().add(out.readableBytes());
        return out;
    }

    /** Says in trailers what was seen. */
    Headers report(Headers trailers) {
        trailers.add(HeaderName.of(trailerPrefix + "-compressed-bytes"), compressed);
        trailers.add(HeaderName.of(trailerPrefix + "-uncompressed-bytes"), uncompressed);
        return trailers;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
