package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.stream.format.FormatContext;

/** Writes one kind of entry as its log wants it. Immutable. */
interface LoggedEntry {

    void write(MessageWriter out, FormatContext entry);

    /** Entries are dropped, and counted, while the buffer is full. */
    boolean bounded();
}
