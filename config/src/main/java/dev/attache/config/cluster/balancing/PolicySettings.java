package dev.attache.config.cluster.balancing;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import dev.attache.proxy.upstream.lb.SlowStart;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.ConsistentHashingLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig;
import java.util.function.UnaryOperator;

/** What balancing policy extensions share: {@code load_balancing_policies.common.v3}. */
public final class PolicySettings {
    private PolicySettings() {}

    /** Locality settings of a policy over those of {@code common_lb_config}. */
    public static UnaryOperator<LoadBalancingSettings> locality(LocalityLbConfig config) {
        return switch (config.getLocalityConfigSpecifierCase()) {
            case LOCALITY_WEIGHTED_LB_CONFIG -> PolicySettings::weighted;
            case ZONE_AWARE_LB_CONFIG -> settings -> zoneAware(settings, config);
            case LOCALITYCONFIGSPECIFIER_NOT_SET -> settings -> settings;
        };
    }

    /** Localities share the load by their weights. */
    public static LoadBalancingSettings weighted(LoadBalancingSettings settings) {
        return settings.withLocalityMode(LocalityMode.LOCALITY_WEIGHTED);
    }

    private static LoadBalancingSettings zoneAware(
            LoadBalancingSettings settings, LocalityLbConfig config) {
        var zone = config.getZoneAwareLbConfig();
        LoadBalancingSettings defaults = LoadBalancingSettings.DEFAULTS;
        return new LoadBalancingSettings(
                settings.healthyPanicThreshold(),
                LocalityMode.ZONE_AWARE,
                zone.hasRoutingEnabled()
                        ? zone.getRoutingEnabled().getValue()
                        : defaults.zoneRoutingEnabled(),
                zone.hasMinClusterSize()
                        ? zone.getMinClusterSize().getValue()
                        : defaults.zoneMinClusterSize(),
                zone.getFailTrafficOnPanic(),
                zone.hasForceLocalZone(),
                settings.updateMergeWindowMillis(),
                settings.ignoreNewHostsUntilFirstHc(),
                settings.closeConnectionsOnHostSetChange(),
                settings.useHostnameForHashing(),
                settings.hashBalanceFactor(),
                settings.overrideHostStatus());
    }

    /**
     * Hashing settings of a policy over those of {@code common_lb_config}.
     *
     * @param weighted whether {@code locality_weighted_lb_config} is set
     * @param hostname the policy's deprecated field of that name
     * @param balanceFactor the policy's deprecated field of that name; 0 = unset
     */
    public static UnaryOperator<LoadBalancingSettings> hashing(
            ConsistentHashingLbConfig config,
            boolean weighted,
            boolean hostname,
            int balanceFactor) {
        int factor =
                config.hasHashBalanceFactor()
                        ? config.getHashBalanceFactor().getValue()
                        : balanceFactor;
        boolean useHostname = config.getUseHostnameForHashing() || hostname;
        return settings -> {
            LoadBalancingSettings local = weighted ? weighted(settings) : settings;
            return new LoadBalancingSettings(
                    local.healthyPanicThreshold(),
                    local.localityMode(),
                    local.zoneRoutingEnabled(),
                    local.zoneMinClusterSize(),
                    local.failTrafficOnPanic(),
                    local.forceLocalZone(),
                    local.updateMergeWindowMillis(),
                    local.ignoreNewHostsUntilFirstHc(),
                    local.closeConnectionsOnHostSetChange(),
                    useHostname,
                    factor,
                    local.overrideHostStatus());
        };
    }

    /** {@code SlowStartConfig}; off unless present. */
    public static SlowStart slowStart(
            boolean present, SlowStartConfig config, CompileContext context) {
        if (!present) {
            return SlowStart.OFF;
        }
        return new SlowStart(
                Durations.millis(config.getSlowStartWindow(), context.at("slow_start_window")),
                config.hasAggression() ? runtimeDouble(config.getAggression(), context) : 1,
                config.hasMinWeightPercent() ? config.getMinWeightPercent().getValue() : 10);
    }

    /** The runtime's value if the key is set there, else the default. */
    public static double runtimeDouble(RuntimeDouble value, CompileContext context) {
        Object set = context.settings().runtime().values().get(value.getRuntimeKey());
        return set instanceof Number number ? number.doubleValue() : value.getDefaultValue();
    }
}
