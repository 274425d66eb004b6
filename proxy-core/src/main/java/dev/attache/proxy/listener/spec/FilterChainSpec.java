package dev.attache.proxy.listener.spec;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.NetworkFilterEntry;
import dev.attache.proxy.transport.ServerTransportSpec;
import java.util.List;

/**
 * {@code FilterChain}, compiled. Immutable.
 *
 * @param match what connections it is for; ignored on the default chain
 * @param transport raw buffer or TLS
 * @param filters the last one terminal; empty = the connection is closed at once
 * @param transportConnectTimeoutMillis handshake limit; 0 = off
 * @param fingerprint equal for two versions of the same chain: its connections survive an update.
 *     Compared on the publishing thread alone, and only with those of another version
 */
public record FilterChainSpec(
        String name,
        FilterChainMatch match,
        ServerTransportSpec transport,
        List<NetworkFilterEntry> filters,
        long transportConnectTimeoutMillis,
        Metadata metadata,
        Object fingerprint) {

    public FilterChainSpec {
        filters = List.copyOf(filters);
    }
}
