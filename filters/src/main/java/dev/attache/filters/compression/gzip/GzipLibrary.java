package dev.attache.filters.compression.gzip;

import dev.attache.filters.compression.CompressionLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * gzip (RFC 1952) by the JDK's zlib.
 *
 * @param level 1 to 9, or −1 for zlib's own choice
 * @param strategy one of {@link java.util.zip.Deflater}'s
 * @param chunkSize bytes that the deflater hands over at once
 */
record GzipLibrary(int level, int strategy, int chunkSize) implements CompressionLibrary {

    @Override
    public String contentEncoding() {
        return "gzip";
    }

    @Override
    public String statsPrefix() {
        return "gzip.";
    }

    @Override
    public OutputStream encoder(OutputStream sink) throws IOException {
        return new Encoder(sink, this);
    }

    private static final class Encoder extends GZIPOutputStream {
        Encoder(OutputStream sink, GzipLibrary settings) throws IOException {
            super(sink, settings.chunkSize(), true);
            def.setLevel(settings.level());
            def.setStrategy(settings.strategy());
        }
    }
}
