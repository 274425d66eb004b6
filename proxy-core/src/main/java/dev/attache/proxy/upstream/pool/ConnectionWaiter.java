package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/** Who waits for an upstream TCP connection. One call, on the worker's loop, perhaps at once. */
public interface ConnectionWaiter {

    /**
     * The connection is usable and the waiter's: set a handler before this returns, and close it
     * when done. It is not reading until the handler is set.
     */
    void onConnection(Connection upstream, Host host);

    /**
     * There will be none.
     *
     * @param transportFailureReason {@code %UPSTREAM_TRANSPORT_FAILURE_REASON%}, or null
     */
    void onFailure(PoolFailure why, @Nullable String transportFailureReason, Host host);
}
