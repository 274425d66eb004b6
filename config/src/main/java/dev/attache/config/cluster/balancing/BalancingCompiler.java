package dev.attache.config.cluster.balancing;

import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The load balancing policy of a cluster and its {@code common_lb_config}. */
public final class BalancingCompiler {
    private BalancingCompiler() {}

    /** The policy; of {@code load_balancing_policy} the first that is supported. */
    public static @Nullable PolicyChoice policy(Cluster cluster, CompileContext context) {
        if (!cluster.hasLoadBalancingPolicy()) {
            return new PolicyChoice(
                    SubsetCompiler.legacy(
                            cluster, LegacyPolicies.compile(cluster, context), context));
        }
        if (cluster.hasLbSubsetConfig()) {
            context.at("lb_subset_config")
                    .error(
                            "cluster: load_balancing_policy cannot be combined with lb_subset_config");
        }
        return choose(
                cluster.getLoadBalancingPolicy(),
                "cluster: '%s'".formatted(cluster.getName()),
                context.at("load_balancing_policy"));
    }

    /**
     * The first supported policy of a list; null with the error reported.
     *
     * @param whose what Envoy says the policy is for
     */
    public static @Nullable PolicyChoice choose(
            LoadBalancingPolicy policy, String whose, CompileContext context) {
        for (int i = 0; i < policy.getPoliciesCount(); i++) {
            var config = policy.getPolicies(i).getTypedExtensionConfig();
            if (context.knowsExtension(
                    ExtensionCategory.LOAD_BALANCING_POLICY, config.getTypedConfig())) {
                return context.at("policies", i)
                        .at("typed_extension_config")
                        .at("typed_config")
                        .extension(
                                ExtensionCategory.LOAD_BALANCING_POLICY,
                                PolicyChoice.class,
                                config.getName(),
                                config.getTypedConfig());
            }
        }
        String names =
                policy.getPoliciesList().stream()
                        .map(p -> p.getTypedExtensionConfig().getName())
                        .collect(Collectors.joining(", "));
        boolean inEnvoy =
                policy.getPoliciesList().stream()
                        .map(p -> p.getTypedExtensionConfig().getTypedConfig().getTypeUrl())
                        .anyMatch(url -> EnvoyExtensions.hasType(TypeRegistry.nameOf(url)));
        context.missing(
                "cluster: didn't find a registered load balancer factory implementation for"
                        + " %s with names from [%s]".formatted(whose, names),
                inEnvoy);
        return null;
    }

    public static LoadBalancingSettings settings(Cluster cluster, CompileContext context) {
        Cluster.CommonLbConfig config = cluster.getCommonLbConfig();
        CompileContext at = context.at("common_lb_config");
        LoadBalancingSettings defaults = LoadBalancingSettings.DEFAULTS;
        var zone = config.getZoneAwareLbConfig();
        var hashing = config.getConsistentHashingLbConfig();
        return new LoadBalancingSettings(
                config.hasHealthyPanicThreshold()
                        ? config.getHealthyPanicThreshold().getValue()
                        : defaults.healthyPanicThreshold(),
                config.hasLocalityWeightedLbConfig()
                        ? LocalityMode.LOCALITY_WEIGHTED
                        : LocalityMode.ZONE_AWARE,
                zone.hasRoutingEnabled()
                        ? zone.getRoutingEnabled().getValue()
                        : defaults.zoneRoutingEnabled(),
                zone.hasMinClusterSize()
                        ? zone.getMinClusterSize().getValue()
                        : defaults.zoneMinClusterSize(),
                zone.getFailTrafficOnPanic(),
                false,
                Durations.millis(
                        config.hasUpdateMergeWindow(),
                        config.getUpdateMergeWindow(),
                        defaults.updateMergeWindowMillis(),
                        at.at("update_merge_window")),
                config.getIgnoreNewHostsUntilFirstHc(),
                config.getCloseConnectionsOnHostSetChange(),
                hashing.getUseHostnameForHashing(),
                hashing.getHashBalanceFactor().getValue(),
                overrideStatus(config, defaults));
    }

    private static Set<HealthStatus> overrideStatus(
            Cluster.CommonLbConfig config, LoadBalancingSettings defaults) {
        if (!config.hasOverrideHostStatus()) {
            return defaults.overrideHostStatus();
        }
        Set<HealthStatus> statuses = EnumSet.noneOf(HealthStatus.class);
        for (var status : config.getOverrideHostStatus().getStatusesList()) {
            if (status != io.envoyproxy.envoy.config.core.v3.HealthStatus.UNRECOGNIZED) {
                statuses.add(HealthStatus.valueOf(status.name()));
            }
        }
        return statuses;
    }
}
