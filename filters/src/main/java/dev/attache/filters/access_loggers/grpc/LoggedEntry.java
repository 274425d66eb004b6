package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.access_loggers.EntryBuffer;

/** Writes one kind of entry as its log wants it. Immutable. */
interface LoggedEntry extends EntryBuffer.Form {

    /** Entries are dropped, and counted, while the buffer is full. */
    boolean bounded();
}
