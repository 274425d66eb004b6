package dev.attache.config.cluster.discovery;

import com.google.protobuf.Any;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig;
import org.jspecify.annotations.Nullable;

/** Clusters of type {@code envoy.clusters.dynamic_forward_proxy}. */
public final class DynamicCompiler {

    private DynamicCompiler() {}

    public static boolean isDynamic(Cluster cluster) {
        return cluster.getClusterType()
                .getTypedConfig()
                .getTypeUrl()
                .endsWith("/" + DiscoveryCompiler.DYNAMIC_CLUSTER);
    }

    static DiscoverySpec.@Nullable Dynamic compile(
            Any config, Cluster cluster, CompileContext context) {
        ClusterConfig settings = context.unpack(config, ClusterConfig.getDefaultInstance());
        if (settings == null) {
            return null;
        }
        DnsCacheSlot cache =
                DnsCacheCompiler.compile(
                        settings.getDnsCacheConfig(), context.at("dns_cache_config"));
        return cache == null ? null : new DiscoverySpec.Dynamic(cache);
    }

    /** As in Envoy such a cluster verifies names unless its old-style options say otherwise. */
    @SuppressWarnings("deprecation") // upstream_http_protocol_options is still in use
    public static Cluster withNames(Cluster cluster) {
        if (!isDynamic(cluster) || cluster.hasUpstreamHttpProtocolOptions()) {
            return cluster;
        }
        Cluster.Builder verifying = cluster.toBuilder();
        verifying
                .getUpstreamHttpProtocolOptionsBuilder()
                .setAutoSni(true)
                .setAutoSanValidation(true);
        return verifying.build();
    }

    /** That it verifies them, unless it says that it need not. */
    public static void check(Cluster cluster, UpstreamHttpSpec http, CompileContext context) {
        if (!isDynamic(cluster) || http.autoSni() && http.autoSanValidation()) {
            return;
        }
        CompileContext at = context.at("cluster_type").at("typed_config");
        ClusterConfig settings =
                at.unpack(
                        cluster.getClusterType().getTypedConfig(),
                        ClusterConfig.getDefaultInstance());
        if (settings != null && !settings.getAllowInsecureClusterOptions()) {
            at.error(
                    "dynamic_forward_proxy cluster must have auto_sni and auto_san_validation true"
                            + " unless allow_insecure_cluster_options is set.");
        }
    }
}
