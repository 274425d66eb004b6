package dev.attache.filters.tracers.datadog;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tracing.RecordedSpan;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.TraceIds;
import dev.attache.proxy.tracing.TraceParent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span with Datadog's identifiers. All are sent: the agent looks at the priority. Loop-confined.
 */
final class DatadogSpan extends RecordedSpan {

    private static final String PROPAGATED = "_dd.p.";

    private final DatadogTrace trace;
    private final long id;
    private final long parentId;
    private boolean failed;

    DatadogSpan(DatadogTrace trace, String operation, long id, long parentId, long epochNanos) {
        super(operation, epochNanos, true);
        this.trace = trace;
        this.id = id;
        this.parentId = parentId;
        trace.began(this);
    }

    @Override
    protected void report() {
        trace.ended();
    }

    @Override
    public void sampled(boolean sampled) {
        if (sampled) {
            trace.keep();
        } else {
            trace.refuse();
        }
    }

    @Override
    public boolean isDecidedHere() {
        return trace.context.priority() == null;
    }

    @Override
    public void tag(String name, String value) {
        if (name.equals("error")) {
            failed = !value.equals("false");
        } else {
            super.tag(name, value);
        }
    }

    @Override
    public void event(long epochNanos, String name) {
        // A span of Datadog's has no events.
    }

    @Override
    public void inject(Headers request, @Nullable String peer) {
        DatadogContext context = trace.context;
        int priority = trace.priority();
        request.set(DatadogContext.TRACE_ID, Long.toUnsignedString(context.traceId()));
        request.set(DatadogContext.PARENT_ID, Long.toUnsignedString(id));
        request.set(DatadogContext.PRIORITY, Integer.toString(priority));
        request.remove(DatadogContext.TAGS);
        StringBuilder tags = new StringBuilder();
        StringBuilder state = new StringBuilder("dd=s:").append(priority);
        state.append(";p:").append(TraceIds.hex(id));
        if (!context.origin().isEmpty()) {
            request.set(DatadogContext.ORIGIN, context.origin());
            state.append(";o:").append(context.origin().replace('=', '~'));
        }
        for (Map.Entry<String, String> tag : trace.tags.entrySet()) {
            tags.append(tags.isEmpty() ? "" : ",");
            tags.append(tag.getKey()).append('=').append(tag.getValue());
            if (!tag.getKey().equals(DatadogContext.HIGH)) {
                state.append(";t.").append(tag.getKey().substring(PROPAGATED.length()));
                state.append(':').append(tag.getValue().replace('=', '~'));
            }
        }
        if (!tags.isEmpty()) {
            request.set(DatadogContext.TAGS, tags.toString());
        }
        String traceId = TraceIds.hex(context.traceIdHigh(), context.traceId());
        request.set(
                HeaderName.TRACEPARENT, TraceParent.text(traceId, TraceIds.hex(id), priority > 0));
        if (!context.otherState().isEmpty()) {
            state.append(',').append(context.otherState());
        }
        request.set(HeaderName.TRACESTATE, state.toString());
    }

    @Override
    public Span child(String operation, long epochNanos) {
        return new DatadogSpan(trace, operation, trace.tracer.identifier(), id, epochNanos);
    }

    /** As in Envoy, logs are not told of Datadog's identifiers. */
    @Override
    public String traceId() {
        return "";
    }

    @Override
    public String spanId() {
        return "";
    }

    long id() {
        return id;
    }

    long parentId() {
        return parentId;
    }

    boolean failed() {
        return failed;
    }
}
