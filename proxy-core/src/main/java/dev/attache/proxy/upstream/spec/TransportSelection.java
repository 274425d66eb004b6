package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.transport.RawClientTransportSpec;
import dev.attache.proxy.upstream.host.EndpointSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code transport_socket} and {@code transport_socket_matches}. The first match whose criteria the
 * endpoint's {@code envoy.transport_socket_match} metadata (or else its locality's) carries wins;
 * empty criteria match every endpoint. Where there is a matcher it names the match instead.
 *
 * @param fallback {@code transport_socket}, raw where unset
 * @param matcher {@code transport_socket_matcher}, or null
 */
public record TransportSelection(
        ClientTransportSpec fallback,
        List<Match> matches,
        @Nullable MatchTree<Labels, String> matcher) {

    /** The metadata namespace that criteria are compared with. */
    public static final String METADATA_NAMESPACE = "envoy.transport_socket_match";

    /** What the choice looks at. */
    public record Labels(Metadata endpoint, Metadata locality) {
        public static Labels of(EndpointSpec spec) {
            return new Labels(spec.metadata(), spec.localityMetadata());
        }
    }

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

    /** Whether any of them {@linkplain ClientTransportSpec#tellsClient tells of the client}. */
    public boolean tellsClient() {
        for (int i = 0; i < matches.size(); i++) {
            if (matches.get(i).transport().tellsClient()) {
                return true;
            }
        }
        return fallback.tellsClient();
    }

    public static final TransportSelection RAW =
            new TransportSelection(new RawClientTransportSpec(), List.of(), null);
}
