package dev.attache.filters.http.health_check;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/**
 * {@code http.<stat_prefix>.health_check.*}, one worker's cells.
 *
 * @param requestTotal what was answered here, and so of those passed on only what was not
 */
record HealthCheckStats(
        Cell requestTotal,
        Cell failed,
        Cell ok,
        Cell cachedResponse,
        Cell clusterNotFound,
        Cell clusterEmpty,
        Cell clusterUnhealthy,
        Cell degraded) {

    static HealthCheckStats of(Scope http, int worker) {
        Scope scope = http.scope("health_check.");
        return new HealthCheckStats(
                scope.counter("request_total").cell(worker),
                scope.counter("failed").cell(worker),
                scope.counter("ok").cell(worker),
                scope.counter("cached_response").cell(worker),
                scope.counter("failed_cluster_not_found").cell(worker),
                scope.counter("failed_cluster_empty").cell(worker),
                scope.counter("failed_cluster_unhealthy").cell(worker),
                scope.counter("degraded").cell(worker));
    }

    void count(HealthVerdict verdict) {
        switch (verdict) {
            case HEALTHY, FAILED, CLUSTERS_HEALTHY -> {}
            case CLUSTER_NOT_FOUND -> clusterNotFound.inc();
            case CLUSTER_EMPTY -> clusterEmpty.inc();
            case CLUSTER_UNHEALTHY -> clusterUnhealthy.inc();
        }
    }

    void answered(int status) {
        requestTotal.inc();
        (status >= 200 && status < 300 ? ok : failed).inc();
    }
}
