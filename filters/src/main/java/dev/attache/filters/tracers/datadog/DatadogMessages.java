package dev.attache.filters.tracers.datadog;

import dev.attache.proxy.tracing.TraceIds;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Traces as the agent's {@code /v0.4/traces} takes them. */
final class DatadogMessages {

    static final String CONTENT_TYPE = "application/msgpack";
    static final String PATH = "/v0.4/traces";

    /** What Envoy calls every span of its own; what it is about is its resource. */
    private static final String NAME = "envoy.proxy";

    private static final String VERSION = "envoy 1.40.0";
    private static final String RUNTIME_ID = UUID.randomUUID().toString();
    private static final double PROCESS_ID = ProcessHandle.current().pid();
    private static final int FIELDS = 12;

    private DatadogMessages() {}

    static void write(ByteBuf to, List<DatadogTrace> traces, String service) {
        MessagePack out = new MessagePack(to);
        out.array(traces.size());
        for (DatadogTrace trace : traces) {
            out.array(trace.spans.size());
            for (int i = 0; i < trace.spans.size(); i++) {
                span(out, trace, trace.spans.get(i), i == 0, service);
            }
        }
    }

    private static void span(
            MessagePack out, DatadogTrace trace, DatadogSpan span, boolean root, String service) {
        out.map(FIELDS);
        field(out, "service", service);
        field(out, "name", NAME);
        field(out, "resource", span.operation());
        number(out, "trace_id", trace.context.traceId());
        number(out, "span_id", span.id());
        number(out, "parent_id", span.parentId());
        number(out, "start", span.startNanos());
        number(out, "duration", span.endNanos() - span.startNanos());
        number(out, "error", span.failed() ? 1 : 0);
        out.text("meta");
        Map<String, String> meta = meta(trace, span, root);
        out.map(meta.size());
        meta.forEach((name, value) -> field(out, name, value));
        out.text("metrics");
        Map<String, Double> metrics = metrics(trace, root);
        out.map(metrics.size());
        metrics.forEach((name, value) -> {
            out.text(name);
            out.real(value);
        });
        field(out, "type", "web");
    }

    private static Map<String, String> meta(DatadogTrace trace, DatadogSpan span, boolean root) {
        Map<String, String> meta = new TreeMap<>();
        for (int i = 0; i < span.tags(); i++) {
            meta.put(span.tagName(i), span.tagValue(i));
            if (span.tagName(i).equals("error.reason")) {
                meta.put("error.message", span.tagValue(i));
            }
        }
        meta.put("language", "cpp");
        meta.put("runtime-id", RUNTIME_ID);
        meta.put("version", VERSION);
        if (!trace.context.origin().isEmpty()) {
            meta.put("_dd.origin", trace.context.origin());
        }
        if (root) {
            meta.putAll(trace.tags);
            if (trace.context.traceIdHigh() != 0) {
                meta.put(DatadogContext.HIGH, TraceIds.hex(trace.context.traceIdHigh()));
            }
            if (trace.context.lastDatadog() != null) {
                meta.put("_dd.parent_id", trace.context.lastDatadog());
            }
        }
        return meta;
    }

    private static Map<String, Double> metrics(DatadogTrace trace, boolean root) {
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("process_id", PROCESS_ID);
        if (root) {
            metrics.put("_sampling_priority_v1", (double) trace.priority());
            if (trace.drawnHere) {
                metrics.put("_dd.agent_psr", 1.0);
            }
        }
        return metrics;
    }

    private static void field(MessagePack out, String name, String value) {
        out.text(name);
        out.text(value);
    }

    private static void number(MessagePack out, String name, long value) {
        out.text(name);
        out.number(value);
    }
}
