package dev.attache.filters.tracers.opentelemetry;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tracing.RecordedSpan;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.TraceIds;
import dev.attache.proxy.tracing.TraceParent;
import org.jspecify.annotations.Nullable;

/** A span with W3C's identifiers. Loop-confined. */
final class OpenTelemetrySpan extends RecordedSpan {

    private final OpenTelemetryTracer tracer;
    private final String traceId;
    private final String spanId;
    private final String parentId;
    private final String traceState;
    private final boolean client;
    private final boolean joined;
    private final boolean decidedHere;

    /**
     * @param parentId empty: it is the first of its trace
     * @param client it is of what is done elsewhere
     * @param joined its parent is of another process
     */
    OpenTelemetrySpan(
            OpenTelemetryTracer tracer,
            String operation,
            long epochNanos,
            String traceId,
            String parentId,
            String traceState,
            boolean client,
            boolean joined,
            boolean sampled,
            boolean decidedHere) {
        super(operation, epochNanos, sampled);
        this.tracer = tracer;
        this.traceId = traceId;
        this.spanId = TraceIds.hex(tracer.random());
        this.parentId = parentId;
        this.traceState = traceState;
        this.client = client;
        this.joined = joined;
        this.decidedHere = decidedHere;
    }

    @Override
    protected void report() {
        tracer.report(this);
    }

    @Override
    public boolean isDecidedHere() {
        return decidedHere;
    }

    @Override
    public void inject(Headers request, @Nullable String peer) {
        request.set(HeaderName.TRACEPARENT, TraceParent.text(traceId, spanId, isSampled()));
        request.set(HeaderName.TRACESTATE, traceState);
    }

    @Override
    public Span child(String operation, long epochNanos) {
        return new OpenTelemetrySpan(
                tracer,
                operation,
                epochNanos,
                traceId,
                spanId,
                traceState,
                true,
                false,
                isSampled(),
                false);
    }

    @Override
    public String traceId() {
        return traceId;
    }

    @Override
    public String spanId() {
        return spanId;
    }

    String parentId() {
        return parentId;
    }

    String traceState() {
        return traceState;
    }

    boolean joined() {
        return joined;
    }

    boolean client() {
        return client;
    }
}
