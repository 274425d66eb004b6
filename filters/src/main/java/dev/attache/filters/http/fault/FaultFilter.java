package dev.attache.filters.http.fault;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request: delays it, then aborts it, and slows its response down, each as configured. */
final class FaultFilter implements HttpFilter {
    private final FaultStats stats;
    private final WorkerContext worker;
    private FaultSettings settings;

    /** The downstream service cluster, if the request names one. */
    private @Nullable String origin;

    private boolean active;
    private @Nullable Timer delay;
    private @Nullable PacedBody paced;

    FaultFilter(FaultSettings settings, FaultStats stats, WorkerContext worker) {
        this.settings = settings;
        this.stats = stats;
        this.worker = worker;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        FaultSettings ofRoute = context.override(FaultSettings.class);
        settings = ofRoute != null ? ofRoute : settings;
        if (!applies(headers, context)) {
            return Step.CONTINUE;
        }
        String cluster = headers.getOr(HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_CLUSTER, "");
        origin = cluster.isEmpty() ? null : cluster;
        paceResponse(headers, context);
        if (delays(headers, context)) {
            return Step.PAUSE;
        }
        return aborts(headers, context) ? Step.DONE : Step.CONTINUE;
    }

    private boolean applies(Headers headers, FilterContext context) {
        // The cluster is asked for only where it counts: that chooses the route.
        ClusterSelection cluster = settings.upstreamCluster().isEmpty() ? null : context.cluster();
        return applies(headers, cluster);
    }

    private boolean applies(Headers headers, @Nullable ClusterSelection cluster) {
        if (!settings.upstreamCluster().isEmpty()) {
            if (cluster == null || !cluster.cluster().equals(settings.upstreamCluster())) {
                return false;
            }
        }
        String node = headers.getOr(HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_NODE, "");
        return (settings.downstreamNodes().isEmpty() || settings.downstreamNodes().contains(node))
                && HeaderMatcher.all(settings.headers(), headers);
    }

    private void paceResponse(Headers headers, FilterContext context) {
        FaultSettings.RateLimit limit = settings.responseRateLimit();
        if (limit == null || !limit.share().hits(headers, null, worker.random())) {
            return;
        }
        long rate = limit.kibPerSecond().of(headers, null);
        if (rate > 0 && activate()) {
            stats.responseRlInjected.inc();
            paced = new PacedBody(rate, worker, context);
        }
    }

    private boolean delays(Headers headers, FilterContext context) {
        FaultSettings.Delay configured = settings.delay();
        if (configured == null || !configured.share().hits(headers, origin, worker.random())) {
            return false;
        }
        long millis = configured.millis().of(headers, origin);
        if (millis <= 0 || !activate()) {
            return false;
        }
        Timer timer =
                context.timer(() -> {
                    if (!aborts(headers, context)) {
                        context.resume(Direction.REQUEST);
                    }
                });
        delay = timer;
        worker.timers().schedule(timer, millis);
        if (origin != null && settings.countOrigins()) {
            stats.ofOrigin(origin, "delays_injected");
        }
        stats.delaysInjected.inc();
        context.info().flag(ResponseFlag.DI);
        context.info().dynamicMetadata().merge(context.filterName(), settings.metadata());
        return true;
    }

    private boolean aborts(Headers headers, FilterContext context) {
        FaultSettings.Abort abort = settings.abort();
        if (abort == null || !abort.share().hits(headers, origin, worker.random())) {
            return false;
        }
        long http = abort.http(headers, origin);
        long grpc = http >= 0 ? -1 : abort.grpc(headers, origin);
        if ((http < 0 && grpc < 0) || !activate()) {
            return false;
        }
        if (origin != null && settings.countOrigins()) {
            stats.ofOrigin(origin, "aborts_injected");
        }
        stats.abortsInjected.inc();
        context.info().flag(ResponseFlag.FI);
        context.info().dynamicMetadata().merge(context.filterName(), settings.metadata());
        context.respond(
                new LocalReply(
                        http >= 0 ? (int) http : 200,
                        "fault filter abort",
                        "fault_filter_abort",
                        List.of(),
                        (int) grpc));
        return true;
    }

    /** A request counts once, however many faults hit it; false: too many are under way. */
    private boolean activate() {
        if (active) {
            return true;
        }
        if (settings.maxActiveFaults() >= 0 && stats.activeFaults() >= settings.maxActiveFaults()) {
            stats.faultsOverflow.inc();
            return false;
        }
        stats.active(1);
        active = true;
        return true;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        if (paced == null) {
            return Step.CONTINUE;
        }
        paced.add(data.retain(), end);
        return Step.DONE;
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        return paced != null && paced.holdsTrailers() ? Step.PAUSE : Step.CONTINUE;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (delay != null) {
            delay.cancel();
        }
        if (paced != null) {
            paced.close();
        }
        if (active) {
            stats.active(-1);
        }
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        FaultSettings ofRoute = stream.override(FaultSettings.class);
        settings = ofRoute != null ? ofRoute : settings;
        if (!applies(stream.headers(), stream.cluster())) {
            into.say(ExplainedStream.WOULD, "pass: the request is not meant");
            return;
        }
        FaultSettings.Delay slow = settings.delay();
        FaultSettings.Abort abort = settings.abort();
        into.say(
                ExplainedStream.WOULD,
                slow == null && abort == null ? "pass" : "delay or abort a share of requests");
        if (slow != null) {
            into.say("delay_ms", slow.millis().of(stream.headers(), null))
                    .say("delay_share", slow.share().configured().toString());
        }
        if (abort != null) {
            into.say("abort_status", abort.http(stream.headers(), null))
                    .say("abort_share", abort.share().configured().toString());
            stream.asks(into, "chance, which lets the request pass");
        }
    }
}
