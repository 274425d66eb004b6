package dev.attache.proxy.upstream.health;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;

/** {@code cluster.<name>.health_check.*}. Main thread. */
final class HealthStats {

    final Counter attempt;
    final Counter success;
    final Counter failure;
    final Counter passiveFailure;
    final Counter networkFailure;
    final Counter verifyCluster;
    final Gauge healthy;
    final Gauge degraded;

    HealthStats(Scope cluster) {
        Scope scope = cluster.scope("health_check.");
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
