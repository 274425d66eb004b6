package dev.attache.filters.decompression.zstd;

import dev.attache.filters.decompression.BodyDecoder;
import dev.attache.filters.decompression.DecompressionLibrary;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Zstandard (RFC 8878).
 *
 * @param chunkSize in these steps output is made and measured, in bytes
 * @param dictionaries by their identifiers
 */
record ZstdLibrary(int chunkSize, Map<Long, byte[]> dictionaries) implements DecompressionLibrary {

    ZstdLibrary {
        dictionaries = Map.copyOf(dictionaries);
    }

    @Override
    public String contentEncoding() {
        return "zstd";
    }

    @Override
    public String statsPrefix() {
        return "zstd.";
    }

    @Override
    public BodyDecoder decoder(ByteBufAllocator allocator, Consumer<String> errors) {
        return new ZstdDecoder(this, allocator, errors);
    }
}
