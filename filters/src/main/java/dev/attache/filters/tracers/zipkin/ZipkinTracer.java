package dev.attache.filters.tracers.zipkin;

import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.filters.wire.Nobody;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.Posting;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.SpanBatch;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;
import java.util.List;

/** The spans of one worker. Loop-confined. */
final class ZipkinTracer implements WorkerTracers.Closing {

    private static final int MOST = 1 << 20;

    private final ZipkinSpec spec;
    private final WorkerContext worker;
    private final ScopedCalls calls;
    private final ClusterLookup clusters;
    private final FormatContext nobody;
    private final ZipkinMessages messages;
    private final SpanBatch<ZipkinSpan> batch;
    private final Cell spansSent;
    private final Cell spansLost;
    private final Cell skipped;
    private final Cell sent;
    private final Cell dropped;
    private final Cell failed;

    ZipkinTracer(ZipkinSpec spec, NetworkFilterContext context) {
        this.spec = spec;
        this.worker = context.worker();
        this.calls = context.calls();
        this.clusters = context.clusters();
        this.nobody = Nobody.context();
        this.messages = new ZipkinMessages(Octets.of(context.nodeCluster()), spec.sharedContext());
        Scope stats = context.stats().scope("tracing.zipkin.");
        this.spansSent = cell(stats, "spans_sent");
        this.spansLost = cell(stats, "spans_lost");
        this.skipped = cell(stats, "reports_skipped_no_cluster");
        this.sent = cell(stats, "reports_sent");
        this.dropped = cell(stats, "reports_dropped");
        this.failed = cell(stats, "reports_failed");
        this.batch =
                new SpanBatch<>(
                        new SpanBatch.Limits(spec.flushSpans(), MOST, spec.flushMillis()),
                        worker,
                        cell(stats, "timer_flushed"),
                        spansLost,
                        this::send);
    }

    private Cell cell(Scope stats, String name) {
        return stats.counter(name).cell(worker.index());
    }

    boolean w3c() {
        return spec.w3c();
    }

    /** A new span below one that is known. */
    B3Context below(B3Context parent) {
        return new B3Context(
                parent.traceIdHigh(),
                parent.traceId(),
                worker.random(),
                parent.spanId(),
                parent.single());
    }

    @Override
    public Span start(Headers request, Start start) {
        Boolean told = B3Context.sampled(request, spec.w3c());
        B3Context context;
        try {
            context = B3Context.of(request, spec.w3c());
        } catch (B3Context.Malformed e) {
            return Span.NONE;
        }
        boolean sampled = told != null ? told : start.traced();
        String operation = request.getOr(HeaderName.AUTHORITY, "");
        ZipkinSpan span =
                context == null
                        ? root(operation, start, sampled, request.contains(B3Context.B3))
                        : joined(operation, start, context, sampled);
        span.decidedHere(told == null && context == null);
        return span;
    }

    private ZipkinSpan root(String operation, Start start, boolean sampled, boolean single) {
        long id = worker.random();
        long high = 0;
        if (spec.longIds()) {
            high = worker.random();
            if (spec.timestamped()) {
                high = start.epochNanos() / 1_000_000_000 << 32 | high & 0xffff_ffffL;
            }
        }
        return new ZipkinSpan(
                this,
                operation,
                start.epochNanos(),
                new B3Context(high, id, id, 0, single),
                isClient(start),
                !isClient(start),
                sampled);
    }

    private ZipkinSpan joined(String operation, Start start, B3Context context, boolean sampled) {
        boolean own = isClient(start) || !spec.sharedContext();
        return new ZipkinSpan(
                this,
                operation,
                start.epochNanos(),
                own ? below(context) : context,
                isClient(start),
                !own,
                sampled);
    }

    /** To Zipkin a proxy is a part of whom it serves, unless it is a hop of its own. */
    private boolean isClient(Start start) {
        return start.egress() && !spec.splits() && !start.splits();
    }

    void report(ZipkinSpan span) {
        batch.add(span);
    }

    private void send(List<ZipkinSpan> spans) {
        spansSent.add(spans.size());
        if (clusters.cluster(spec.collector().cluster()) == null) {
            skipped.inc();
            spansLost.add(spans.size());
            return;
        }
        Headers head =
                spec.collector()
                        .post(
                                spec.protobuf() ? "application/x-protobuf" : "application/json",
                                nobody);
        Posting.send(
                calls,
                spec.collector().cluster(),
                head,
                spec.protobuf() ? messages.protobuf(spans) : messages.json(spans),
                CallOptions.DEFAULT.report().timeout(spec.collector().timeoutMillis()),
                status -> {
                    if (status == 202) {
                        sent.inc();
                        return;
                    }
                    (status == Posting.UNANSWERED ? failed : dropped).inc();
                    if (status / 100 != 2) {
                        spansLost.add(spans.size());
                    }
                });
    }

    @Override
    public void close() {
        batch.close();
    }
}
