package dev.attache.proxy.transport;

import dev.attache.proxy.stats.Scope;

/** Configuration of the dialling side's transport socket. Immutable, any thread. */
public interface ClientTransportSpec {

    /** Envoy's {@code implementsSecureTransport}. */
    boolean secure();

    /** See {@link ClientTransport#tellsClient}. */
    default boolean tellsClient() {
        return false;
    }

    /**
     * Opens the transport for one cluster (or one of its socket matches).
     *
     * @param scope the cluster's, e.g. {@code cluster.backend.}
     */
    ClientTransport open(Scope scope);
}
