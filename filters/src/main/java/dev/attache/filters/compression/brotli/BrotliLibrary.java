package dev.attache.filters.compression.brotli;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import dev.attache.filters.compression.CompressionLibrary;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Brotli (RFC 7932).
 *
 * @param quality 0 to 11
 * @param windowBits 10 to 24
 * @param chunkSize bytes that the encoder hands over at once
 */
record BrotliLibrary(int quality, int windowBits, Encoder.Mode mode, int chunkSize)
        implements CompressionLibrary {

    @Override
    public String contentEncoding() {
        return "br";
    }

    @Override
    public String statsPrefix() {
        return "brotli.";
    }

    @Override
    public OutputStream encoder(OutputStream sink) throws IOException {
        return new BrotliOutputStream(
                sink, Encoder.Parameters.create(quality, windowBits, mode), chunkSize);
    }
}
