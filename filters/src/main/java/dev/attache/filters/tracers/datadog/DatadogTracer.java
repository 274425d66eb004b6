package dev.attache.filters.tracers.datadog;

import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.Posting;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.SpanBatch;
import dev.attache.proxy.tracing.TraceIds;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;

/** The traces of one worker. Loop-confined. */
final class DatadogTracer implements WorkerTracers.Closing {

    private static final HeaderName COUNT = HeaderName.of("x-datadog-trace-count");
    private static final HeaderName LANGUAGE = HeaderName.of("datadog-meta-lang");
    private static final HeaderName LANGUAGE_VERSION = HeaderName.of("datadog-meta-lang-version");
    private static final HeaderName TRACER_VERSION = HeaderName.of("datadog-meta-tracer-version");

    /** All that come in two seconds go at once. */
    private static final SpanBatch.Limits LIMITS =
            new SpanBatch.Limits(Integer.MAX_VALUE, 10_000, 2_000);

    private static final long TIMEOUT = 2_000;
    private static final long POSITIVE = Long.MAX_VALUE;

    private final DatadogSpec spec;
    private final WorkerContext worker;
    private final ScopedCalls calls;
    private final ClusterLookup clusters;
    private final SpanBatch<DatadogTrace> batch;
    private final Cell lost;
    private final Cell skipped;
    private final Cell sent;
    private final Cell dropped;
    private final Cell failed;

    DatadogTracer(DatadogSpec spec, NetworkFilterContext context) {
        this.spec = spec;
        this.worker = context.worker();
        this.calls = context.calls();
        this.clusters = context.clusters();
        Scope stats = context.stats().scope("tracing.datadog.");
        this.lost = cell(stats, "traces_lost");
        this.skipped = cell(stats, "reports_skipped_no_cluster");
        this.sent = cell(stats, "reports_sent");
        this.dropped = cell(stats, "reports_dropped");
        this.failed = cell(stats, "reports_failed");
        this.batch =
                new SpanBatch<>(LIMITS, worker, cell(stats, "timer_flushed"), lost, this::send);
    }

    private Cell cell(Scope stats, String name) {
        return stats.counter(name).cell(worker.index());
    }

    /** As Datadog's are: 63 bits. */
    long identifier() {
        return worker.random() & POSITIVE;
    }

    @Override
    public Span start(Headers request, Start start) {
        DatadogContext told = DatadogContext.of(request);
        if (told != null) {
            DatadogTrace trace = new DatadogTrace(this, told, start.traced());
            return new DatadogSpan(
                    trace, start.operation(), identifier(), told.parentId(), start.epochNanos());
        }
        long id = worker.random();
        long high = start.epochNanos() / 1_000_000_000 << 32;
        DatadogContext fresh =
                new DatadogContext(
                        high,
                        id,
                        0,
                        null,
                        "",
                        Map.of(DatadogContext.HIGH, TraceIds.hex(high)),
                        "",
                        null);
        DatadogTrace trace = new DatadogTrace(this, fresh, start.traced());
        return new DatadogSpan(trace, start.operation(), id, 0, start.epochNanos());
    }

    void report(DatadogTrace trace) {
        batch.add(trace);
    }

    private void send(List<DatadogTrace> traces) {
        if (clusters.cluster(spec.cluster()) == null) {
            skipped.inc();
            lost.add(traces.size());
            return;
        }
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, "POST");
        head.add(HeaderName.PATH, DatadogMessages.PATH);
        head.add(HeaderName.AUTHORITY, spec.hostname());
        head.add(COUNT, traces.size());
        head.add(TRACER_VERSION, "v2.1.1");
        head.add(LANGUAGE_VERSION, "202002");
        head.add(LANGUAGE, "cpp");
        head.add(HeaderName.CONTENT_TYPE, DatadogMessages.CONTENT_TYPE);
        ByteBuf body = worker.allocator().buffer();
        DatadogMessages.write(body, traces, spec.service());
        Posting.send(
                calls,
                spec.cluster(),
                head,
                body,
                CallOptions.DEFAULT.report().timeout(TIMEOUT),
                status -> {
                    if (status == 200) {
                        sent.inc();
                        return;
                    }
                    lost.add(traces.size());
                    (status == Posting.UNANSWERED ? failed : dropped).inc();
                });
    }

    @Override
    public void close() {
        batch.close();
    }
}
