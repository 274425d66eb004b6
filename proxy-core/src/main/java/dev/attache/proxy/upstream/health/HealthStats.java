package dev.attache.proxy.upstream.health;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;

/** {@code cluster.<name>.health_check.[name.<checker>.]*}. Main thread. */
final class HealthStats {

    final Counter attempt;
    final Counter success;
    final Counter failure;
    final Counter passiveFailure;
    final Counter networkFailure;
    final Counter verifyCluster;
    final Gauge healthy;
    final Gauge degraded;

    /**
     * @param checker its name, empty where it has none
     */
    HealthStats(Scope cluster, String checker) {
        Scope scope =
                cluster.scope(
                        checker.isEmpty() ? "health_check." : "health_check.name." + checker + ".");
        attempt = scope.counter("attempt");
        success = scope.counter("success");
        failure = scope.counter("failure");
        passiveFailure = scope.counter("passive_failure");
        networkFailure = scope.counter("network_failure");
        verifyCluster = scope.counter("verify_cluster");
        healthy = scope.gauge("healthy");
        degraded = scope.gauge("degraded");
    }
}
