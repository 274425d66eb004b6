package dev.attache.filters.decompression.brotli;

import dev.attache.filters.decompression.BodyDecoder;
import dev.attache.filters.decompression.DecompressionLibrary;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/**
 * Brotli (RFC 7932).
 *
 * @param chunkSize in these steps output is made and measured, in bytes
 */
record BrotliLibrary(int chunkSize) implements DecompressionLibrary {

    @Override
    public String contentEncoding() {
        return "br";
    }

    @Override
    public String statsPrefix() {
        return "brotli.";
    }

    @Override
    public BodyDecoder decoder(ByteBufAllocator allocator, Consumer<String> errors) {
        return new BrotliDecoder(chunkSize, errors);
    }
}
