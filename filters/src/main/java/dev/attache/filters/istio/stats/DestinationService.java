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

    /** The metadata that was read last: a worker's streams are for few clusters. */
    private Metadata told = Metadata.EMPTY;

    /** Whether it tells of a service, and what; null where it does not say. */
    private boolean service;

    private @Nullable String toldHost;
    private @Nullable String toldName;
    private String toldNamespace = "";

    /**
     * @param request null where its host is not to be looked at
     */
    void find(StreamInfo info, @Nullable Headers request) {
        String cluster = info.cluster == null ? null : info.clusterName;
        String instead =
                switch (info.routeName) {
                    case "block_all" -> BLACK_HOLE;
                    case "allow_any" -> PASSTHROUGH;
                    default -> cluster != null && NO_SERVICE.contains(cluster) ? cluster : null;
                };
        if (instead == null && cluster != null && tells(info.clusterMetadata)) {
            host = toldHost == null ? host(request) : toldHost;
            namespace = toldNamespace;
            name = toldName == null ? firstLabel(host) : toldName;
        } else {
            host = host(request);
            namespace = "";
            name = instead == null ? host : instead;
        }
    }

    /** Whether the control plane says something of the cluster's first service. */
    private boolean tells(Metadata cluster) {
        if (cluster != told) {
            told = cluster;
            MetadataValue.Struct first = service(cluster);
            service = first != null;
            MetadataValue.Struct fields = first == null ? MetadataValue.EMPTY_STRUCT : first;
            toldHost = textOrNull(fields.get("host"));
            toldName = textOrNull(fields.get("name"));
            toldNamespace = text(fields.get("namespace"));
        }
        return service;
    }

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

    private static String firstLabel(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static String host(@Nullable Headers request) {
        return request == null ? "" : request.getOr(HeaderName.AUTHORITY, "");
    }

    private static @Nullable String textOrNull(@Nullable MetadataValue value) {
        return value == null ? null : text(value);
    }

    private static String text(@Nullable MetadataValue value) {
        return value instanceof MetadataValue.Text(String text) ? Octets.of(text) : "";
    }
}
