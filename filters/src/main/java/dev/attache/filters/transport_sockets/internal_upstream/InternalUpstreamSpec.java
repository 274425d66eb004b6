package dev.attache.filters.transport_sockets.internal_upstream;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.ClientTransportSpec;
import java.util.List;

/**
 * {@code envoy.transport_sockets.internal_upstream}, compiled. Immutable.
 *
 * @param sources of metadata for the internal listener
 * @param carried the transport socket that carries the bytes
 */
record InternalUpstreamSpec(List<Source> sources, ClientTransportSpec carried)
        implements ClientTransportSpec {

    InternalUpstreamSpec {
        sources = List.copyOf(sources);
    }

    /**
     * A namespace of metadata.
     *
     * @param ofHost of the endpoint; otherwise the cluster's
     */
    record Source(boolean ofHost, String namespace) {}

    @Override
    public boolean tellsClient() {
        return carried.tellsClient();
    }

    @Override
    public boolean secure() {
        return carried.secure();
    }

    @Override
    public ClientTransport open(Scope scope) {
        return new InternalUpstreamTransport(sources, carried.open(scope), scope);
    }
}
