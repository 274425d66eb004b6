package dev.attache.filters.decompression.gzip;

import dev.attache.filters.decompression.BodyDecoder;
import dev.attache.filters.decompression.DecompressionLibrary;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/**
 * gzip (RFC 1952) by the JDK's zlib.
 *
 * @param chunkSize in these steps output is made and measured, in bytes
 * @param maxRatio of the output of a piece to its input
 */
record GzipLibrary(int chunkSize, int maxRatio) implements DecompressionLibrary {

    @Override
    public String contentEncoding() {
        return "gzip";
    }

    @Override
    public String statsPrefix() {
        return "gzip.";
    }

    @Override
    public BodyDecoder decoder(ByteBufAllocator allocator, Consumer<String> errors) {
        return new GzipDecoder(this, errors);
    }
}
