package dev.attache.filters.tracers.opentelemetry;

import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.filters.wire.Nobody;
import dev.attache.filters.wire.OtlpHttp;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.call.grpc.GrpcAnswer;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.SpanBatch;
import dev.attache.proxy.tracing.TraceIds;
import dev.attache.proxy.tracing.TraceParent;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The spans of one worker. Loop-confined. */
final class OpenTelemetryTracer implements WorkerTracers.Closing {

    private static final String METHOD =
            "opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private final OpenTelemetrySpec spec;
    private final WorkerContext worker;
    private final ScopedCalls calls;
    private final Cell sent;
    private final Cell lost;
    private final SpanBatch<OpenTelemetrySpan> batch;

    OpenTelemetryTracer(OpenTelemetrySpec spec, NetworkFilterContext context) {
        this.spec = spec;
        this.worker = context.worker();
        this.calls = context.calls();
        Scope stats = context.stats().scope("tracing.opentelemetry.");
        this.sent = stats.counter("spans_sent").cell(worker.index());
        this.lost = stats.counter("spans_lost").cell(worker.index());
        this.batch =
                new SpanBatch<>(
                        new SpanBatch.Limits(
                                spec.flushSpans(), spec.maxCacheSize(), spec.flushMillis()),
                        worker,
                        stats.counter("timer_flushed").cell(worker.index()),
                        stats.counter("spans_dropped").cell(worker.index()),
                        this::send);
    }

    long random() {
        return worker.random();
    }

    @Override
    public Span start(Headers request, Start start) {
        if (!TraceParent.isPresent(request)) {
            String traceId = TraceIds.hex(worker.random(), worker.random());
            boolean sampled = samples(null, traceId, request, start);
            return new OpenTelemetrySpan(
                    this,
                    start.operation(),
                    start.epochNanos(),
                    traceId,
                    "",
                    "",
                    isClient(start),
                    false,
                    sampled,
                    spec.sampler() == null);
        }
        TraceParent parent = TraceParent.of(request);
        if (parent == null) {
            return Span.NONE;
        }
        boolean sampled = samples(parent, parent.traceId(), request, start);
        return new OpenTelemetrySpan(
                this,
                start.operation(),
                start.epochNanos(),
                parent.traceId(),
                parent.spanId(),
                parent.traceState(),
                isClient(start),
                true,
                sampled,
                false);
    }

    /** What the connection manager does not want traced, no sampler is asked about. */
    private boolean samples(
            @Nullable TraceParent parent, String traceId, Headers request, Start start) {
        if (!start.traced()) {
            return false;
        }
        Sampler sampler = spec.sampler();
        return sampler == null
                ? parent == null || parent.sampled()
                : sampler.samples(parent, traceId, FormatContext.of(start.info(), request));
    }

    /** With spans of its attempts, a proxy is a server of its own. */
    private static boolean isClient(Start start) {
        return start.egress() && !start.splits();
    }

    void report(OpenTelemetrySpan span) {
        batch.add(span);
    }

    private void send(List<OpenTelemetrySpan> spans) {
        sent.add(spans.size());
        ByteBuf body = SpanMessages.request(spec, spans);
        GrpcService grpc = spec.grpc();
        if (grpc != null) {
            GrpcAnswer answer =
                    new GrpcAnswer() {
                        @Override
                        public void onMessage(ByteBuf message) {
                            message.release();
                        }

                        @Override
                        public void onFailure(GrpcOutcome status) {
                            lost.add(spans.size());
                        }
                    };
            new GrpcCalls(calls, worker.allocator())
                    .unary(
                            grpc,
                            METHOD,
                            body,
                            Nobody.context(),
                            CallOptions.DEFAULT.report(),
                            answer);
            return;
        }
        HttpService http = spec.http();
        if (http == null) {
            body.release();
            return;
        }
        OtlpHttp.post(
                calls,
                http,
                body,
                status -> {
                    if (status / 100 != 2) {
                        lost.add(spans.size());
                    }
                });
    }

    @Override
    public void close() {
        batch.close();
    }
}
