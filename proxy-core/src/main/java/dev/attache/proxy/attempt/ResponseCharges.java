package dev.attache.proxy.attempt;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the outcome of a request is counted: the cluster's response codes and times, the host's
 * counters, its outlier monitor. Owned by one request; loop-confined.
 */
public final class ResponseCharges {

    private final Cluster cluster;
    private final RequestGroups groups;
    private final ResponseGroup origin;
    private final WorkerContext worker;
    private final boolean grpc;

    /** Neither its codes nor its times count. */
    private final boolean healthCheck;

    private boolean deferred;

    /** Of a client's request, for what becomes of it in a cluster. */
    public static ResponseCharges of(
            Headers request,
            StreamInfo info,
            RequestGroups groups,
            WorkerContext worker,
            Cluster cluster) {
        return new ResponseCharges(
                cluster,
                groups,
                info.internalRequest,
                worker,
                GrpcContent.isGrpc(request),
                info.healthCheck);
    }

    /**
     * @param internal whether the proxy itself, or its mesh, asks
     * @param grpc whether the request is one of gRPC, whose status counts
     */
    public ResponseCharges(
            Cluster cluster,
            RequestGroups groups,
            boolean internal,
            WorkerContext worker,
            boolean grpc) {
        this(cluster, groups, internal, worker, grpc, false);
    }

    private ResponseCharges(
            Cluster cluster,
            RequestGroups groups,
            boolean internal,
            WorkerContext worker,
            boolean grpc,
            boolean healthCheck) {
        this.grpc = grpc;
        this.healthCheck = healthCheck;
        this.cluster = cluster;
        this.groups = groups;
        this.origin = internal ? ResponseGroup.INTERNAL : ResponseGroup.EXTERNAL;
        this.worker = worker;
    }

    /** A response that the client gets, whoever made it. */
    public void response(int status) {
        if (healthCheck) {
            return;
        }
        cluster.stats().response(ResponseGroup.ALL, status);
        groups.response(status);
        cluster.stats().response(origin, status);
    }

    /** A response that is not passed on, because the request is tried again. */
    public void retried(Host host, int status) {
        cluster.stats().response(ResponseGroup.RETRY, status);
        outcome(host, true);
    }

    /** A response that is: what a gRPC call comes to may stand in its trailers only. */
    public void passedOn(Host host, Headers response, int status, boolean end) {
        if (status >= 500 && status < 600) {
            if (!healthCheck) {
                outcome(host, true);
            }
        } else if (grpc && !end) {
            deferred = true;
        } else {
            outcome(host, grpc && !isGrpcSuccess(response));
        }
    }

    /**
     * An attempt ended early, and there is no other.
     *
     * @param host null where it had not come to one
     * @return a gRPC response had begun whose outcome was not known yet
     */
    public boolean aborted(@Nullable Host host, boolean started, int status) {
        if (!started) {
            response(status);
        }
        if (host != null && (!started || deferred)) {
            outcome(host, true);
        }
        return started && deferred;
    }

    public void endedWithoutTrailers(Host host) {
        if (deferred) {
            outcome(host, true);
        }
    }

    public void endedWithTrailers(Host host, Headers trailers) {
        if (deferred) {
            outcome(host, !isGrpcSuccess(trailers));
        }
    }

    private static boolean isGrpcSuccess(Headers headers) {
        return headers.contains(HeaderName.GRPC_STATUS)
                && GrpcStatus.toHttp(headers.getLong(HeaderName.GRPC_STATUS)) < 500;
    }

    /** An internal redirect was to be followed. */
    public void redirected(boolean followed) {
        cluster.stats()
                .inc(
                        followed
                                ? ClusterCounter.UPSTREAM_INTERNAL_REDIRECT_SUCCEEDED_TOTAL
                                : ClusterCounter.UPSTREAM_INTERNAL_REDIRECT_FAILED_TOTAL);
    }

    public void time(long millis) {
        if (healthCheck) {
            return;
        }
        cluster.stats().responseTime(ResponseGroup.ALL, millis);
        groups.responseTime(millis);
        cluster.stats().responseTime(origin, millis);
    }

    /** A host has answered: what the monitors of its health make of it. */
    public void answered(Host host, Headers response, int status) {
        if (response.contains(HeaderName.X_ENVOY_IMMEDIATE_HEALTH_CHECK_FAIL)) {
            host.healthMonitor().onImmediateFail();
        }
        int answer =
                grpc && response.contains(HeaderName.GRPC_STATUS)
                        ? GrpcStatus.toHttp(response.getLong(HeaderName.GRPC_STATUS))
                        : status;
        OutlierMonitor monitor = host.monitor();
        monitor.onResponse(worker.index(), answer);
        if (answer < 500
                && monitor.heedsDegraded()
                && response.contains(HeaderName.X_ENVOY_DEGRADED)) {
            monitor.onDegraded();
        }
    }

    public void outcome(Host host, boolean error) {
        host.cells(worker.index()).inc(error ? HostCells.Stat.RQ_ERROR : HostCells.Stat.RQ_SUCCESS);
    }

    /** One attempt had a limit of its own, whole or idle. */
    public void perTryTimedOut(Host host, boolean idle) {
        cluster.stats()
                .inc(
                        idle
                                ? ClusterCounter.UPSTREAM_RQ_PER_TRY_IDLE_TIMEOUT
                                : ClusterCounter.UPSTREAM_RQ_PER_TRY_TIMEOUT);
        timedOut(host);
        event(host, LocalEvent.TIMEOUT);
    }

    public void timedOut(Host host) {
        host.cells(worker.index()).inc(HostCells.Stat.RQ_TIMEOUT);
    }

    public void event(Host host, LocalEvent event) {
        host.monitor().onLocalEvent(worker.index(), event);
    }
}
