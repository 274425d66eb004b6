package dev.attache.proxy.router;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import dev.attache.proxy.worker.WorkerContext;

/**
 * Where the outcome of a request is counted: the cluster's response codes and times, the host's
 * counters, its outlier monitor. Owned by one request; loop-confined.
 */
final class ResponseCharges {

    private final Cluster cluster;
    private final RequestGroups groups;
    private final StreamInfo info;
    private final WorkerContext worker;

    ResponseCharges(Cluster cluster, RequestGroups groups, StreamInfo info, WorkerContext worker) {
        this.cluster = cluster;
        this.groups = groups;
        this.info = info;
        this.worker = worker;
    }

    /** A response that the client gets, whoever made it. */
    void response(int status) {
        cluster.stats().response(ResponseGroup.ALL, status);
        groups.response(status);
        cluster.stats().response(origin(), status);
    }

    /** A response that is not passed on, because the request is tried again. */
    void retried(int status) {
        cluster.stats().response(ResponseGroup.RETRY, status);
    }

    void time(long millis) {
        cluster.stats().responseTime(ResponseGroup.ALL, millis);
        groups.responseTime(millis);
        cluster.stats().responseTime(origin(), millis);
    }

    private ResponseGroup origin() {
        return info.internalRequest ? ResponseGroup.INTERNAL : ResponseGroup.EXTERNAL;
    }

    /** A host has answered: its counters, and what the monitors of its health make of it. */
    void answered(Host host, Headers response, int status) {
        outcome(host, status >= 500);
        if (response.contains(HeaderName.X_ENVOY_IMMEDIATE_HEALTH_CHECK_FAIL)) {
            host.healthMonitor().onImmediateFail();
        }
        host.monitor()
                .onResponse(
                        worker.index(),
                        response.contains(HeaderName.GRPC_STATUS)
                                ? OutlierMonitor.httpStatusOf(
                                        response.getLong(HeaderName.GRPC_STATUS))
                                : status);
    }

    void outcome(Host host, boolean error) {
        host.cells(worker.index()).inc(error ? HostCells.Stat.RQ_ERROR : HostCells.Stat.RQ_SUCCESS);
    }

    void timedOut(Host host) {
        host.cells(worker.index()).inc(HostCells.Stat.RQ_TIMEOUT);
    }

    void event(Host host, LocalEvent event) {
        host.monitor().onLocalEvent(worker.index(), event);
    }
}
