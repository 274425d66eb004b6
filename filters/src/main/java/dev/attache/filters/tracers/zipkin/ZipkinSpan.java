package dev.attache.filters.tracers.zipkin;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tracing.RecordedSpan;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.TraceIds;
import dev.attache.proxy.tracing.TraceParent;
import org.jspecify.annotations.Nullable;

/** A span with B3's identifiers. Loop-confined. */
final class ZipkinSpan extends RecordedSpan {

    private final ZipkinTracer tracer;
    private final B3Context ids;
    private final boolean client;
    private final boolean shared;
    private boolean decidedHere;

    /**
     * @param ids its own
     * @param client it is of what is done elsewhere
     * @param shared its identifier is that of its client's span
     */
    ZipkinSpan(
            ZipkinTracer tracer,
            String operation,
            long epochNanos,
            B3Context ids,
            boolean client,
            boolean shared,
            boolean sampled) {
        super(operation, epochNanos, sampled);
        this.tracer = tracer;
        this.ids = ids;
        this.client = client;
        this.shared = shared;
    }

    void decidedHere(boolean here) {
        decidedHere = here;
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
        if (ids.single()) {
            request.set(B3Context.B3, single());
        } else {
            several(request);
        }
        if (tracer.w3c()) {
            String traceId = TraceIds.hex(ids.traceIdHigh(), ids.traceId());
            request.set(HeaderName.TRACEPARENT, TraceParent.text(traceId, id(), isSampled()));
        }
    }

    private String single() {
        String text = traceId() + '-' + id() + (isSampled() ? "-1" : "-0");
        return ids.parentId() == 0 ? text : text + '-' + TraceIds.hex(ids.parentId());
    }

    private void several(Headers request) {
        request.set(B3Context.TRACE_ID, traceId());
        request.set(B3Context.SPAN_ID, id());
        if (ids.parentId() != 0) {
            request.set(B3Context.PARENT_SPAN_ID, TraceIds.hex(ids.parentId()));
        }
        request.set(B3Context.SAMPLED, isSampled() ? "1" : "0");
    }

    @Override
    public Span child(String operation, long epochNanos) {
        return new ZipkinSpan(
                tracer, operation, epochNanos, tracer.below(ids), true, false, isSampled());
    }

    @Override
    public String traceId() {
        return ids.traceIdHigh() == 0
                ? TraceIds.hex(ids.traceId())
                : TraceIds.hex(ids.traceIdHigh(), ids.traceId());
    }

    /** As in Envoy, logs are told of the trace alone. */
    @Override
    public String spanId() {
        return "";
    }

    String id() {
        return TraceIds.hex(ids.spanId());
    }

    @Override
    public void tag(String name, String value) {
        if (!value.isEmpty()) {
            super.tag(name, value);
        }
    }

    B3Context ids() {
        return ids;
    }

    boolean client() {
        return client;
    }

    boolean shared() {
        return shared;
    }
}
