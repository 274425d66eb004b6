package dev.attache.proxy.router;

import dev.attache.proxy.attempt.AttemptRecord;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.tracing.AttemptFacts;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.SpanFacts;
import dev.attache.proxy.tracing.StreamTrace;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt says to the request's trace: the upstream is told of it, and where the
 * configuration wants it the attempt has a span of its own. Owned by the attempt; loop-confined.
 */
final class AttemptTrace {

    private final StreamTrace trace;
    private final WorkerContext worker;
    private final ClusterSpec cluster;
    private final UpstreamInfo upstream;

    /** The attempt's own; null where it has none. */
    private final @Nullable Span own;

    private @Nullable ResponseFlag flag;
    private int status;
    private boolean over;

    private AttemptTrace(
            StreamTrace trace,
            @Nullable Span own,
            WorkerContext worker,
            ClusterSpec cluster,
            UpstreamInfo upstream) {
        this.trace = trace;
        this.own = own;
        this.worker = worker;
        this.cluster = cluster;
        this.upstream = upstream;
    }

    /** Null where the request is not traced. */
    static @Nullable AttemptTrace begin(
            RouterFactory factory,
            FilterContext context,
            ClusterSpec cluster,
            UpstreamInfo upstream) {
        StreamTrace trace = context.trace();
        if (trace == null) {
            return null;
        }
        StreamInfo info = context.info();
        Span own = null;
        if (trace.options().spawnUpstreamSpan() || factory.spec.startChildSpan()) {
            String alias = cluster.altStatName();
            String operation = "router " + (alias == null ? cluster.name() : alias) + " egress";
            own = trace.span().child(operation, trace.epochNanos(factory.worker.nanoTime()));
            if (info.attemptCount > 1) {
                own.tag("retry.count", Integer.toString(info.attemptCount - 1));
            }
        }
        return new AttemptTrace(trace, own, factory.worker, cluster, upstream);
    }

    /** The request leaves: tells the upstream. */
    void leaves(Headers request) {
        if (trace.options().propagates()) {
            Span told = own != null ? own : trace.span();
            told.inject(request, upstream.host == null ? null : upstream.host.toString());
        }
    }

    void answered(Headers response) {
        status = (int) response.getLong(HeaderName.STATUS);
        if (own != null) {
            SpanFacts.grpcResponse(own, response);
        }
    }

    void trailers(Headers response) {
        if (own != null) {
            SpanFacts.grpcResponse(own, response);
        }
    }

    /** It ended before its response did. */
    void reset(ResetReason why) {
        if (own != null) {
            own.tag("error", "true");
            own.tag("error.reason", why.text());
            flag = AttemptRecord.flag(why);
        }
    }

    /** The time of one attempt is over. */
    void timedOut() {
        flag = ResponseFlag.UT;
    }

    /** It was given up before it was over. */
    void canceled() {
        if (own != null && !over) {
            own.tag("canceled", "true");
        }
    }

    /** Nothing more comes of it. */
    void finish() {
        if (own == null || over) {
            return;
        }
        over = true;
        trace.finish(
                own,
                new AttemptFacts(
                        upstream,
                        cluster.name(),
                        cluster.altStatName(),
                        status,
                        flag == null ? "-" : flag.name(),
                        upstream.protocol == null ? "-" : upstream.protocol),
                worker.nanoTime());
    }
}
