package dev.attache.proxy.call;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.WorkerContext;

/** The calls of one worker. Loop-confined. */
public final class WorkerCalls implements ScopedCalls {

    private static final FaultLog FAULTS = new FaultLog("client");

    final WorkerContext worker;
    final ClusterLookup clusters;
    final Cell rqTotal;
    final Cell rqResetAfterStart;
    private final CallScope nobody = thrown -> FAULTS.error("a side call's listener threw", thrown);

    public WorkerCalls(WorkerContext worker, ClusterLookup clusters, StatsStore stats) {
        this.worker = worker;
        this.clusters = clusters;
        this.rqTotal = stats.counter("http.async-client.rq_total").cell(worker.index());
        this.rqResetAfterStart =
                stats.counter("http.async-client.rq_reset_after_downstream_response_started")
                        .cell(worker.index());
    }

    @Override
    public UpstreamCall start(
            String cluster, Headers head, boolean end, CallOptions options, CallListener listener) {
        return start(nobody, cluster, head, end, options, listener);
    }

    private UpstreamCall start(
            CallScope scope,
            String cluster,
            Headers head,
            boolean end,
            CallOptions options,
            CallListener listener) {
        OpenCall call = new OpenCall(this, scope, head, options, listener);
        scope.began(call);
        call.start(clusters.cluster(cluster), cluster, end);
        return call;
    }

    @Override
    public UpstreamCalls within(CallScope scope) {
        return (cluster, head, end, options, listener) ->
                start(scope, cluster, head, end, options, listener);
    }
}
