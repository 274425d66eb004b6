package dev.attache.proxy.transport;

import dev.attache.proxy.stats.Scope;
import java.util.List;

/** Configuration of the accepting side's transport socket. Immutable, any thread. */
public interface ServerTransportSpec {

    /** Envoy's {@code implementsSecureTransport}: HTTP over it has scheme {@code https}. */
    boolean secure();

    /**
     * Opens the transport for one filter chain; called when the listener is published, not per
     * connection.
     *
     * @param scope the listener's, e.g. {@code listener.0.0.0.0_443.}
     * @param serverNames that the chain is for; empty = any
     */
    ServerTransport open(Scope scope, List<String> serverNames);
}
