package dev.attache.config.cluster;

import dev.attache.config.endpoint.NameResolution;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cluster_discovery_type}: where the hosts of a cluster come from. */
final class DiscoveryCompiler {
    static final String ENDPOINT_TYPE =
            "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    private DiscoveryCompiler() {}

    /** The discovery type; null with the error reported. */
    static @Nullable DiscoverySpec compile(Cluster cluster, CompileContext context) {
        Cluster.DiscoveryType type = type(cluster, context);
        if (type == null) {
            return null;
        }
        return switch (type) {
            case STATIC -> new DiscoverySpec.Static();
            case STRICT_DNS -> new DiscoverySpec.StrictDns(DnsCompiler.compile(cluster, context));
            case LOGICAL_DNS -> {
                checkSingleHost(cluster, context);
                yield new DiscoverySpec.LogicalDns(DnsCompiler.compile(cluster, context));
            }
            case EDS -> eds(cluster, context);
            case ORIGINAL_DST -> originalDst(cluster, context);
            case UNRECOGNIZED -> null;
        };
    }

    static NameResolution names(DiscoverySpec discovery) {
        return discovery instanceof DiscoverySpec.StrictDns
                        || discovery instanceof DiscoverySpec.LogicalDns
                ? NameResolution.DNS
                : NameResolution.NONE;
    }

    /** {@code cluster_type} may name the built-in types too. */
    private static Cluster.@Nullable DiscoveryType type(Cluster cluster, CompileContext context) {
        if (!cluster.hasClusterType()) {
            return cluster.getType();
        }
        String name = cluster.getClusterType().getName();
        return switch (name) {
            case "envoy.cluster.static" -> Cluster.DiscoveryType.STATIC;
            case "envoy.cluster.strict_dns" -> Cluster.DiscoveryType.STRICT_DNS;
            case "envoy.cluster.logical_dns" -> Cluster.DiscoveryType.LOGICAL_DNS;
            case "envoy.cluster.eds" -> Cluster.DiscoveryType.EDS;
            case "envoy.cluster.original_dst" -> Cluster.DiscoveryType.ORIGINAL_DST;
            default -> {
                context.at("cluster_type")
                        .error(
                                cluster.getClusterType().hasTypedConfig()
                                        ? "Didn't find a registered cluster factory implementation for type: '%s'"
                                                .formatted(
                                                        TypeRegistry.nameOf(
                                                                cluster.getClusterType()
                                                                        .getTypedConfig()
                                                                        .getTypeUrl()))
                                        : "Didn't find a registered cluster factory implementation for name: '%s'"
                                                .formatted(name));
                yield null;
            }
        };
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
        context.attachments()
                .dependsOn(new ResourceDependency(ENDPOINT_TYPE, service, config.getEdsConfig()));
        return new DiscoverySpec.Eds(service);
    }

    private static DiscoverySpec originalDst(Cluster cluster, CompileContext context) {
        boolean provided = cluster.getLbPolicy() == Cluster.LbPolicy.CLUSTER_PROVIDED;
        if (!provided && !cluster.hasLoadBalancingPolicy()) {
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
