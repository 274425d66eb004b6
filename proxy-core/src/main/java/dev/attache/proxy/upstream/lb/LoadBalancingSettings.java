package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HealthStatus;
import java.util.Set;

/**
 * {@code Cluster.CommonLbConfig} with Envoy's defaults applied.
 *
 * @param healthyPanicThreshold percent of usable hosts below which a priority disregards health; 50
 *     by default, 0 = never
 * @param localityMode plain, zone-aware or weighted by locality
 * @param zoneRoutingEnabled {@code zone_aware_lb_config.routing_enabled}, percent, 100
 * @param zoneMinClusterSize healthy hosts below which zones are disregarded, 6
 * @param failTrafficOnPanic no host at all instead of every host
 * @param forceLocalZone zone-aware even when the local cluster knows only one zone
 * @param updateMergeWindowMillis 1000; health, weight and metadata changes within it are one update
 * @param closeConnectionsOnHostSetChange drains every pool of the cluster on a membership change
 * @param useHostnameForHashing {@code consistent_hashing_lb_config}
 * @param hashBalanceFactor percent of the mean load that one host may carry; 0 = unbounded
 * @param overrideHostStatus health in which an override host is still used
 */
public record LoadBalancingSettings(
        double healthyPanicThreshold,
        LocalityMode localityMode,
        double zoneRoutingEnabled,
        long zoneMinClusterSize,
        boolean failTrafficOnPanic,
        boolean forceLocalZone,
        long updateMergeWindowMillis,
        boolean ignoreNewHostsUntilFirstHc,
        boolean closeConnectionsOnHostSetChange,
        boolean useHostnameForHashing,
        int hashBalanceFactor,
        Set<HealthStatus> overrideHostStatus) {

    /** How localities count; zone-aware is Envoy's default and needs a local cluster to act. */
    public enum LocalityMode {
        ZONE_AWARE,
        LOCALITY_WEIGHTED,
        /** Weighted, but these hosts have no weights: subsets that are not aware of them. */
        DISREGARDED
    }

    public LoadBalancingSettings {
        overrideHostStatus = Set.copyOf(overrideHostStatus);
    }

    public LoadBalancingSettings withLocalityMode(LocalityMode mode) {
        return new LoadBalancingSettings(
                healthyPanicThreshold,
                mode,
                zoneRoutingEnabled,
                zoneMinClusterSize,
                failTrafficOnPanic,
                forceLocalZone,
                updateMergeWindowMillis,
                ignoreNewHostsUntilFirstHc,
                closeConnectionsOnHostSetChange,
                useHostnameForHashing,
                hashBalanceFactor,
                overrideHostStatus);
    }

    public static final LoadBalancingSettings DEFAULTS =
            new LoadBalancingSettings(
                    50,
                    LocalityMode.ZONE_AWARE,
                    100,
                    6,
                    false,
                    false,
                    1000,
                    false,
                    false,
                    false,
                    0,
                    Set.of(HealthStatus.UNKNOWN, HealthStatus.HEALTHY, HealthStatus.DEGRADED));
}
