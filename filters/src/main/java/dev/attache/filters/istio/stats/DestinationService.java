package dev.attache.filters.istio.stats;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which service a stream is for: what the control plane says of its cluster, else the request's
 * host where that is wanted. Of one worker, filled in for one stream after another. Empty text:
 * nothing is known.
 */
final class DestinationService {
    private static final String BLACK_HOLE = "BlackHoleCluster";
    private static final String PASSTHROUGH = "PassthroughCluster";

    private static final Set<String> NO_SERVICE =
            Set.of(
                    BLACK_HOLE,
                    PASSTHROUGH,
                    "InboundPassthroughCluster",
                    "InboundPassthroughClusterIpv4",
                    "InboundPassthroughClusterIpv6");

    private static final List<String> SERVICES = List.of("services");

    String host = "";
    String name = "";
    String namespace = "";

    /**
     * @param requestHost null where it is not to be looked at
     */
    void find(StreamInfo info, @Nullable String requestHost) {
        host = requestHost == null ? "" : requestHost;
        name = host;
        namespace = "";
        if (info.routeName.equals("block_all")) {
            name = BLACK_HOLE;
        } else if (info.routeName.equals("allow_any")) {
            name = PASSTHROUGH;
        } else if (info.cluster != null && info.clusterName != null) {
            ofCluster(info.clusterName, info);
        }
    }

    private void ofCluster(String cluster, StreamInfo info) {
        if (NO_SERVICE.contains(cluster)) {
            name = cluster;
        } else if (info.clusterMetadata.get("istio", SERVICES)
                        instanceof MetadataValue.Sequence(List<MetadataValue> services)
                && !services.isEmpty()) {
            ofService(
                    services.getFirst() instanceof MetadataValue.Struct service
                            ? service
                            : MetadataValue.EMPTY_STRUCT);
        }
    }

    private void ofService(MetadataValue.Struct service) {
        host = text(service.get("host"), host);
        namespace = text(service.get("namespace"), namespace);
        MetadataValue named = service.get("name");
        int dot = host.indexOf('.');
        name = named != null ? text(named, "") : dot < 0 ? host : host.substring(0, dot);
    }

    private static String text(@Nullable MetadataValue value, String absent) {
        return switch (value) {
            case null -> absent;
            case MetadataValue.Text(String text) -> Octets.of(text);
            default -> "";
        };
    }
}
