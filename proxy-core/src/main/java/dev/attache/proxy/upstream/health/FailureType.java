package dev.attache.proxy.upstream.health;

/** {@code HealthCheckFailureType}; names as in events. */
enum FailureType {
    /** The host answered, and badly. */
    ACTIVE,
    /** An ordinary answer told of it. */
    PASSIVE,
    /** No connection, or it broke. */
    NETWORK,
    /** No answer in time. */
    NETWORK_TIMEOUT;

    boolean ofNetwork() {
        return this == NETWORK || this == NETWORK_TIMEOUT;
    }
}
