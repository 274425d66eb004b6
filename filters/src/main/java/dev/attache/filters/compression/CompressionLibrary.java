package dev.attache.filters.compression;

import java.io.IOException;
import java.io.OutputStream;

/** One content coding with its settings. Immutable; used by all workers. */
public interface CompressionLibrary {

    /** The coding as {@code content-encoding} names it (RFC 9110 section 8.4.1). */
    String contentEncoding();

    /** Stands in statistics, with the dot behind it. */
    String statsPrefix();

    /**
     * A new encoder that writes to the sink. {@code flush} makes all that was written readable for
     * the receiver, {@code close} ends the coded body and frees what the encoder holds.
     *
     * @throws IOException the library cannot start
     */
    OutputStream encoder(OutputStream sink) throws IOException;
}
