package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.http.ResetReason;

/** Why a pool could not give a stream or connection; Envoy's {@code PoolFailureReason}. */
public enum PoolFailure {
    /** The host had a connection, but a circuit breaker is open: 503 UO, never retried. */
    OVERFLOW(ResetReason.OVERFLOW),
    /** The same before it came to a host: too many wait already. */
    QUEUE_OVERFLOW(ResetReason.OVERFLOW),
    /** A new connection was wanted, and load is shed instead. */
    LOAD_SHED(ResetReason.OVERFLOW),
    /** The connection failed on our side before it was usable. */
    LOCAL_CONNECTION_FAILURE(ResetReason.LOCAL_CONNECTION_FAILURE),
    /** The peer refused or closed the connection before it was usable. */
    REMOTE_CONNECTION_FAILURE(ResetReason.REMOTE_CONNECTION_FAILURE),
    /** {@code connect_timeout}. */
    TIMEOUT(ResetReason.CONNECTION_TIMEOUT);

    private final ResetReason reset;

    PoolFailure(ResetReason reset) {
        this.reset = reset;
    }

    /** Whether a circuit breaker is the reason. */
    public boolean isOverflow() {
        return this == OVERFLOW || this == QUEUE_OVERFLOW;
    }

    /** How it is told to the stream that waited. */
    public ResetReason toReset() {
        return reset;
    }
}
