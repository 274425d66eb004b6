package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.http.HeaderName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Cluster.cluster_discovery_type}: where a cluster's hosts come from. */
public sealed interface DiscoverySpec {

    /** As {@code /clusters?format=json} and {@code /config_dump} name it. */
    record Static() implements DiscoverySpec {}

    /** Every address of every name is a host. */
    record StrictDns(DnsSpec dns) implements DiscoverySpec {}

    /** One name, one host: new connections go to the first address of the latest answer. */
    record LogicalDns(DnsSpec dns) implements DiscoverySpec {}

    /**
     * Endpoints from the control plane.
     *
     * @param serviceName {@code service_name}; empty where unset
     */
    record Eds(String serviceName) implements DiscoverySpec {

        /** The resource that a cluster of that name asks for. */
        public String nameFor(String cluster) {
            return serviceName.isEmpty() ? cluster : serviceName;
        }
    }

    /**
     * The address that the client dialled.
     *
     * @param header {@code http_header_name}, by default {@code x-envoy-original-dst-host}, or null
     *     where {@code use_http_header} is off
     * @param portOverride 0 = none
     * @param metadataKey {@code metadata_key}, or null
     */
    record OriginalDst(
            @Nullable HeaderName header, int portOverride, @Nullable MetadataKey metadataKey)
            implements DiscoverySpec {}

    /**
     * The levels of other clusters, one cluster after another.
     *
     * @param clusters their names, in this order; a name need not lead anywhere
     */
    record Aggregate(List<String> clusters) implements DiscoverySpec {
        public Aggregate {
            clusters = List.copyOf(clusters);
        }
    }

    /**
     * Whom each request or connection names.
     *
     * @param cache where the names are resolved
     */
    record Dynamic(DnsCacheSlot cache) implements DiscoverySpec {}

    /** A place in dynamic metadata. */
    record MetadataKey(String namespace, List<String> path) {
        public MetadataKey {
            path = List.copyOf(path);
        }
    }
}
