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
    private boolean outcomeInTrailers;

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

    /** A host has answered: what the monitors of its health make of it. */
    void answered(Host host, Headers response, int status) {
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

    /** The answer is the one that counts: the host's success or error, for gRPC by its status. */
    void taken(Host host, Headers response, int status, boolean grpc, boolean end) {
        if (status >= 500 || !grpc) {
            outcome(host, status >= 500);
        } else if (end) {
            outcome(host, !succeeded(response));
        } else {
            outcomeInTrailers = true;
        }
    }

    /** The end of a gRPC answer says how it went. */
    void ended(Host host, Headers trailers) {
        if (outcomeInTrailers) {
            outcomeInTrailers = false;
            outcome(host, !succeeded(trailers));
        }
    }

    /** The answer began and was cut off; says whether that is the first that tells how it went. */
    boolean cutOff(Host host) {
        boolean open = outcomeInTrailers;
        if (open) {
            outcomeInTrailers = false;
            outcome(host, true);
        }
        return open;
    }

    private static boolean succeeded(Headers headers) {
        return headers.contains(HeaderName.GRPC_STATUS)
                && OutlierMonitor.httpStatusOf(headers.getLong(HeaderName.GRPC_STATUS)) < 500;
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
