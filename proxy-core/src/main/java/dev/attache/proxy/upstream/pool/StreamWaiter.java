package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/** Who waits for an upstream HTTP stream. One call, on the worker's loop, perhaps at once. */
public interface StreamWaiter {

    /**
     * The stream is there.
     *
     * @param request what is put into it goes to the upstream
     * @param upstream the connection that carries it, with what is known about it
     */
    void onStream(HttpStream request, Connection upstream, Host host);

    /**
     * There will be none.
     *
     * @param transportFailureReason {@code %UPSTREAM_TRANSPORT_FAILURE_REASON%}, or null
     */
    void onFailure(PoolFailure why, @Nullable String transportFailureReason, Host host);
}
