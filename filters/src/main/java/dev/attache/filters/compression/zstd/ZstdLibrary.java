package dev.attache.filters.compression.zstd;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.attache.filters.compression.CompressionLibrary;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Zstandard (RFC 8878).
 *
 * @param level 1 to 22
 * @param checksum 32 bits of it at the end of the frame
 * @param strategy 1 (fast) to 9 (btultra2); 0 = as the level says
 * @param dictionary empty = none
 */
record ZstdLibrary(int level, boolean checksum, int strategy, byte[] dictionary)
        implements CompressionLibrary {

    @Override
    public String contentEncoding() {
        return "zstd";
    }

    @Override
    public String statsPrefix() {
        return "zstd.";
    }

    @Override
    public OutputStream encoder(OutputStream sink) throws IOException {
        ZstdOutputStreamNoFinalizer encoder = new ZstdOutputStreamNoFinalizer(sink, level);
        encoder.setChecksum(checksum);
        if (strategy != 0) {
            encoder.setStrategy(strategy);
        }
        if (dictionary.length > 0) {
            encoder.setDict(dictionary);
        }
        return encoder;
    }
}
