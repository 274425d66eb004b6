package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.transport.RawClientTransportSpec;
import java.util.List;

/**
 * {@code transport_socket} and {@code transport_socket_matches}. The first match whose criteria the
 * endpoint's {@code envoy.transport_socket_match} metadata (or else its locality's) carries wins;
 * empty criteria match every endpoint.
 *
 * @param fallback {@code transport_socket}, raw where unset
 */
public record TransportSelection(ClientTransportSpec fallback, List<Match> matches) {

    /** The metadata namespace that criteria are compared with. */
    public static final String METADATA_NAMESPACE = "envoy.transport_socket_match";

    /** {@code TransportSocketMatch}. */
    public record Match(
            String name, MetadataValue.Struct criteria, ClientTransportSpec transport) {}

    public TransportSelection {
        matches = List.copyOf(matches);
    }

    /** Whether whatever is chosen can agree on a protocol. */
    public boolean negotiates() {
        if (!fallback.secure()) {
            return false;
        }
        for (Match each : matches) {
            if (!each.transport().secure()) {
                return false;
            }
        }
        return true;
    }

    public static final TransportSelection RAW =
            new TransportSelection(new RawClientTransportSpec(), List.of());
}
