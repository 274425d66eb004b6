package dev.attache.config.cluster.discovery;

import com.google.protobuf.Any;
import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.endpoint.NameResolution;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DnsSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.clusters.aggregate.v3.ClusterConfig;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cluster_discovery_type}: where the hosts of a cluster come from. */
public final class DiscoveryCompiler {
    static final String ENDPOINT_TYPE =
            "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    private static final String STATIC = "envoy.cluster.static";
    private static final String STRICT_DNS = "envoy.cluster.strict_dns";
    private static final String LOGICAL_DNS = "envoy.cluster.logical_dns";
    private static final String EDS = "envoy.cluster.eds";
    private static final String ORIGINAL_DST = "envoy.cluster.original_dst";
    private static final String DNS = "envoy.cluster.dns";
    private static final String DNS_CLUSTER = "envoy.extensions.clusters.dns.v3.DnsCluster";
    private static final String AGGREGATE = "envoy.clusters.aggregate";
    private static final String AGGREGATE_CLUSTER =
            "envoy.extensions.clusters.aggregate.v3.ClusterConfig";

    static final String DYNAMIC_CLUSTER =
            "envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig";

    private DiscoveryCompiler() {}

    /** The discovery type; null with the error reported. */
    public static @Nullable DiscoverySpec compile(Cluster cluster, CompileContext context) {
        if (cluster.hasEdsClusterConfig() && cluster.getType() != Cluster.DiscoveryType.EDS) {
            context.at("eds_cluster_config").error("eds_cluster_config set in a non-EDS cluster");
        }
        if (cluster.getClusterType().hasTypedConfig()) {
            checkHashing(cluster, "", context);
            return extension(cluster, context);
        }
        String name = cluster.hasClusterType() ? cluster.getClusterType().getName() : name(cluster);
        DiscoverySpec discovery = named(name, cluster, context);
        if (discovery != null) {
            checkHashing(cluster, name, context);
        }
        return discovery;
    }

    private static @Nullable DiscoverySpec named(
            String name, Cluster cluster, CompileContext context) {
        return switch (name) {
            case STATIC -> new DiscoverySpec.Static();
            case STRICT_DNS -> new DiscoverySpec.StrictDns(DnsCompiler.compile(cluster, context));
            case LOGICAL_DNS -> {
                checkSingleHost(cluster, context);
                yield new DiscoverySpec.LogicalDns(DnsCompiler.compile(cluster, context));
            }
            case EDS -> eds(cluster, context);
            case ORIGINAL_DST -> originalDst(cluster, context);
            case DNS -> dns(DnsCluster.getDefaultInstance(), cluster, context);
            case AGGREGATE -> {
                CompileContext at = context.at("cluster_type").at("typed_config");
                yield at.check(ClusterConfig.getDefaultInstance())
                        ? new DiscoverySpec.Aggregate(List.of())
                        : null;
            }
            default -> {
                context.at("cluster_type")
                        .missing(
                                "Didn't find a registered cluster factory implementation for name: '%s'"
                                        .formatted(name),
                                EnvoyExtensions.hasName("envoy.clusters", name));
                yield null;
            }
        };
    }

    /** {@code cluster_type} with a configuration is found by the configuration's type alone. */
    private static @Nullable DiscoverySpec extension(Cluster cluster, CompileContext context) {
        Any config = cluster.getClusterType().getTypedConfig();
        CompileContext at = context.at("cluster_type").at("typed_config");
        String type = TypeRegistry.nameOf(config.getTypeUrl());
        if (type.equals(AGGREGATE_CLUSTER)) {
            ClusterConfig settings = at.unpack(config, ClusterConfig.getDefaultInstance());
            return settings == null
                    ? null
                    : new DiscoverySpec.Aggregate(settings.getClustersList());
        }
        if (type.equals(DYNAMIC_CLUSTER)) {
            return DynamicCompiler.compile(config, cluster, at);
        }
        if (!type.equals(DNS_CLUSTER)) {
            context.at("cluster_type")
                    .missing(
                            "Didn't find a registered cluster factory implementation for type: '%s'"
                                    .formatted(type),
                            EnvoyExtensions.hasType(type));
            return null;
        }
        DnsCluster settings = at.unpack(config, DnsCluster.getDefaultInstance());
        return settings == null ? null : dns(settings, cluster, context);
    }

    private static DiscoverySpec dns(DnsCluster settings, Cluster cluster, CompileContext context) {
        DnsSpec spec = DnsCompiler.compile(settings, context.at("cluster_type").at("typed_config"));
        if (!settings.getAllAddressesInSingleEndpoint()) {
            return new DiscoverySpec.StrictDns(spec);
        }
        checkSingleHost(cluster, context);
        return new DiscoverySpec.LogicalDns(spec);
    }

    private static String name(Cluster cluster) {
        return switch (cluster.getType()) {
            case STATIC, UNRECOGNIZED -> STATIC;
            case STRICT_DNS -> STRICT_DNS;
            case LOGICAL_DNS -> LOGICAL_DNS;
            case EDS -> EDS;
            case ORIGINAL_DST -> ORIGINAL_DST;
        };
    }

    /** Hosts of other types have no names to hash; Envoy knows the types by these names. */
    private static void checkHashing(Cluster cluster, String type, CompileContext context) {
        boolean byName =
                cluster.getCommonLbConfig()
                        .getConsistentHashingLbConfig()
                        .getUseHostnameForHashing();
        if (byName && !type.equals(STRICT_DNS)) {
            context.at("common_lb_config")
                    .at("consistent_hashing_lb_config")
                    .at("use_hostname_for_hashing")
                    .error(
                            "Cannot use hostname for consistent hashing loadbalancing for cluster of type: '%s'"
                                    .formatted(type));
        }
    }

    public static NameResolution names(DiscoverySpec discovery) {
        return discovery instanceof DiscoverySpec.StrictDns
                        || discovery instanceof DiscoverySpec.LogicalDns
                ? NameResolution.DNS
                : NameResolution.NONE;
    }

    private static void checkSingleHost(Cluster cluster, CompileContext context) {
        var localities = cluster.getLoadAssignment().getEndpointsList();
        if (localities.size() == 1 && localities.getFirst().getLbEndpointsCount() == 1) {
            return;
        }
        context.at("load_assignment")
                .error(
                        localities.isEmpty()
                                ? "LOGICAL_DNS clusters must have a single host"
                                : "LOGICAL_DNS clusters must have a single locality_lb_endpoint and"
                                        + " a single lb_endpoint");
    }

    private static @Nullable DiscoverySpec eds(Cluster cluster, CompileContext context) {
        var config = cluster.getEdsClusterConfig();
        if (!config.hasEdsConfig()) {
            context.at("eds_cluster_config")
                    .error("cannot create an EDS cluster without an EDS config");
            return null;
        }
        String service =
                config.getServiceName().isEmpty() ? cluster.getName() : config.getServiceName();
        CompileContext source = context.at("eds_cluster_config").at("eds_config");
        source.existing(config.getEdsConfig());
        source.awaits(new ResourceDependency(ENDPOINT_TYPE, service, config.getEdsConfig()));
        return new DiscoverySpec.Eds(config.getServiceName());
    }

    private static DiscoverySpec originalDst(Cluster cluster, CompileContext context) {
        boolean provided = cluster.getLbPolicy() == Cluster.LbPolicy.CLUSTER_PROVIDED;
        if (!provided) {
            context.at("lb_policy")
                    .error(
                            "cluster: LB policy %s is not valid for Cluster type ORIGINAL_DST. Only 'CLUSTER_PROVIDED' is allowed with cluster type 'ORIGINAL_DST'"
                                    .formatted(cluster.getLbPolicy()));
        }
        if (cluster.hasLoadAssignment()) {
            context.at("load_assignment")
                    .error("ORIGINAL_DST clusters must have no load assignment configured");
        }
        var config = cluster.getOriginalDstLbConfig();
        String name = config.getHttpHeaderName();
        if (!config.getUseHttpHeader() && !name.isEmpty()) {
            context.at("original_dst_lb_config")
                    .at("http_header_name")
                    .error(
                            "ORIGINAL_DST cluster: invalid config http_header_name=%s and use_http_header=false. Set use_http_header to true if http_header_name is desired."
                                    .formatted(name));
        }
        return new DiscoverySpec.OriginalDst(
                config.getUseHttpHeader()
                        ? name.isEmpty()
                                ? HeaderName.X_ENVOY_ORIGINAL_DST_HOST
                                : HeaderName.of(name)
                        : null,
                config.getUpstreamPortOverride().getValue(),
                config.hasMetadataKey() ? metadataKey(config.getMetadataKey()) : null);
    }

    private static DiscoverySpec.MetadataKey metadataKey(MetadataKey key) {
        List<String> path = key.getPathList().stream().map(segment -> segment.getKey()).toList();
        return new DiscoverySpec.MetadataKey(key.getKey(), path);
    }
}
