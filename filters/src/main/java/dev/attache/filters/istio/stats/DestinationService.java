package dev.attache.filters.istio.stats;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.Metadata;
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
     * @param request null where its host is not to be looked at
     */
    void find(StreamInfo info, @Nullable Headers request) {
        namespace = "";
        String cluster = info.cluster == null ? null : info.clusterName;
        String instead =
                switch (info.routeName) {
                    case "block_all" -> BLACK_HOLE;
                    case "allow_any" -> PASSTHROUGH;
                    default -> cluster != null && NO_SERVICE.contains(cluster) ? cluster : null;
                };
        MetadataValue.Struct told =
                instead != null || cluster == null ? null : service(info.clusterMetadata);
        if (told != null) {
            ofService(told, request);
        } else {
            host = host(request);
            name = instead == null ? host : instead;
        }
    }

    /** What the control plane says of the cluster's first service. */
    private static MetadataValue.@Nullable Struct service(Metadata cluster) {
        if (cluster.get("istio", SERVICES)
                        instanceof MetadataValue.Sequence(List<MetadataValue> services)
                && !services.isEmpty()) {
            return services.getFirst() instanceof MetadataValue.Struct service
                    ? service
                    : MetadataValue.EMPTY_STRUCT;
        }
        return null;
    }

    private void ofService(MetadataValue.Struct service, @Nullable Headers request) {
        MetadataValue known = service.get("host");
        host = known == null ? host(request) : text(known);
        namespace = text(service.get("namespace"));
        MetadataValue named = service.get("name");
        int dot = host.indexOf('.');
        name = named != null ? text(named) : dot < 0 ? host : host.substring(0, dot);
    }

    private static String host(@Nullable Headers request) {
        return request == null ? "" : request.getOr(HeaderName.AUTHORITY, "");
    }

    private static String text(@Nullable MetadataValue value) {
        return value instanceof MetadataValue.Text(String text) ? Octets.of(text) : "";
    }
}
