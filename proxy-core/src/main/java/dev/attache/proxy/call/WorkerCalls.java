package dev.attache.proxy.call;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/** The calls of one worker. Loop-confined. */
public final class WorkerCalls implements ScopedCalls {

    private static final FaultLog FAULTS = new FaultLog("client");

    final WorkerContext worker;
    final ClusterLookup clusters;
    private final GrpcChannels channels;
    final Cell rqTotal;
    final Cell rqResetAfterStart;

    /** Calls under way that carry reports. */
    private int reports;

    private @Nullable Runnable idle;
    private final CallScope nobody = thrown -> FAULTS.error("a side call's listener threw", thrown);

    public WorkerCalls(
            WorkerContext worker, ClusterLookup clusters, GrpcChannels channels, StatsStore stats) {
        this.worker = worker;
        this.clusters = clusters;
        this.channels = channels;
        this.rqTotal = stats.counter("http.async-client.rq_total").cell(worker.index());
        this.rqResetAfterStart =
                stats.counter("http.async-client.rq_reset_after_downstream_response_started")
                        .cell(worker.index());
    }

    /** A call has begun. */
    void began(CallOptions options) {
        if (options.isReport()) {
            reports++;
        }
    }

    /** One is over, in whatever way. */
    void ended(CallOptions options) {
        if (options.isReport() && --reports == 0 && idle != null) {
            // Who made it hears of it now, and may go on with another one.
            worker.eventLoop().execute(this::tellIdle);
        }
    }

    private void tellIdle() {
        Runnable waiting = idle;
        if (reports == 0 && waiting != null) {
            idle = null;
            waiting.run();
        }
    }

    /**
     * Runs {@code told} once no call that carries a {@linkplain CallOptions#report() report} is
     * under way: at once where there is none. One waits, as the worker ends.
     */
    public void whenReported(Runnable told) {
        idle = told;
        tellIdle();
    }

    @Override
    public UpstreamCall start(
            String cluster, Headers head, boolean end, CallOptions options, CallListener listener) {
        return start(nobody, cluster, head, end, options, listener);
    }

    @Override
    public UpstreamCall start(
            GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
        return start(nobody, channel, head, options, listener);
    }

    private UpstreamCall start(
            CallScope scope,
            String cluster,
            Headers head,
            boolean end,
            CallOptions options,
            CallListener listener) {
        return open(scope, clusters.cluster(cluster), cluster, head, end, options, listener);
    }

    private UpstreamCall start(
            CallScope scope,
            GrpcChannel channel,
            Headers head,
            CallOptions options,
            CallListener listener) {
        ChannelCall call =
                new ChannelCall(this, channels.client(channel), scope, head, options, listener);
        call.start();
        return call;
    }

    /**
     * A call to a cluster that has been looked up.
     *
     * @param to null where there is none
     */
    OpenCall open(
            CallScope scope,
            @Nullable Cluster to,
            String name,
            Headers head,
            boolean end,
            CallOptions options,
            CallListener listener) {
        OpenCall call = new OpenCall(this, scope, head, options, listener);
        began(options);
        scope.began(call);
        call.start(to, name, end);
        return call;
    }

    @Override
    public UpstreamCalls within(CallScope scope) {
        return new Within(scope);
    }

    private final class Within implements UpstreamCalls {
        private final CallScope scope;

        Within(CallScope scope) {
            this.scope = scope;
        }

        @Override
        public UpstreamCall start(
                String cluster,
                Headers head,
                boolean end,
                CallOptions options,
                CallListener listener) {
            return WorkerCalls.this.start(scope, cluster, head, end, options, listener);
        }

        @Override
        public UpstreamCall start(
                GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
            return WorkerCalls.this.start(scope, channel, head, options, listener);
        }
    }
}
