package dev.attache.console.top;

/** What is counted of a row. */
enum Metric {
    REQUESTS,
    ACTIVE,
    CLIENT_ERRORS,
    SERVER_ERRORS,
    RETRIES,
    TIMEOUTS,
    CONNECT_FAILURES,
    CONNECTIONS;

    /** Whether it is as it is, and not counted up. */
    boolean isGauge() {
        return this == ACTIVE || this == CONNECTIONS;
    }
}
