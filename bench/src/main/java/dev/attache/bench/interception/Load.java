package dev.attache.bench.interception;

import java.util.Locale;

/** What the application does in one measurement. */
enum Load {
    /** Requests of 128 bytes, answers of 1 KiB, 16 connections kept open. */
    REQUESTS(16, 1024, false),
    /** The same, one connection. */
    SINGLE(1, 1024, false),
    /** A new connection for every request, 8 at a time. */
    CONNECTIONS(8, 1024, true),
    /** Answers of 1 MiB, 2 connections. */
    BULK(2, 1 << 20, false);

    static final int REQUEST_BYTES = 128;

    private final int connections;
    private final int answerBytes;
    private final boolean reconnects;

    Load(int connections, int answerBytes, boolean reconnects) {
        this.connections = connections;
        this.answerBytes = answerBytes;
        this.reconnects = reconnects;
    }

    int connections() {
        return connections;
    }

    int answerBytes() {
        return answerBytes;
    }

    boolean reconnects() {
        return reconnects;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
