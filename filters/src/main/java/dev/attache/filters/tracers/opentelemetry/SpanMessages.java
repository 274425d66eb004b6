package dev.attache.filters.tracers.opentelemetry;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.tracing.RecordedSpan;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;

/**
 * Spans as {@code opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest}. Written as it
 * goes over the wire: a builder for each attribute would cost more than the request it is about.
 */
final class SpanMessages {

    /** What Envoy of this API calls itself; dashboards know its spans by it. */
    static final String SCOPE = "envoy";

    static final String VERSION = "1.40.0";

    /** Bytes of a batch, to begin with. */
    private static final int USUAL = 4096;

    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;
    private static final int IS_REMOTE_KNOWN = 0x100;
    private static final int IS_REMOTE = 0x200;
    private static final int SAMPLED = 1;

    private SpanMessages() {}

    static ByteBuf request(OpenTelemetrySpec spec, List<OpenTelemetrySpan> spans) {
        MessageWriter out = new MessageWriter(USUAL);
        int resourceSpans = out.begin(1);
        int resource = out.begin(1);
        for (Map.Entry<String, String> attribute : spec.resource().entrySet()) {
            attribute(out, 1, attribute.getKey(), attribute.getValue());
        }
        out.end(resource);
        int scopeSpans = out.begin(2);
        if (spec.scoped()) {
            int scope = out.begin(1);
            out.text(1, SCOPE);
            out.text(2, VERSION);
            out.end(scope);
        }
        for (int i = 0; i < spans.size(); i++) {
            int span = out.begin(2);
            write(out, spans.get(i));
            out.end(span);
        }
        out.end(scopeSpans);
        out.end(resourceSpans);
        return out.handOver();
    }

    private static void write(MessageWriter out, OpenTelemetrySpan span) {
        out.hex(1, span.traceId());
        out.hex(2, span.spanId());
        out.octets(3, span.traceState());
        out.hex(4, span.parentId());
        out.octets(5, span.operation());
        out.number(6, span.client() ? CLIENT : SERVER);
        out.fixed(7, span.startNanos());
        out.fixed(8, span.endNanos());
        for (int i = 0; i < span.tags(); i++) {
            attribute(out, 9, span.tagName(i), span.tagValue(i));
        }
        for (RecordedSpan.Event event : span.events()) {
            int mark = out.begin(11);
            out.fixed(1, event.epochNanos());
            out.octets(2, event.name());
            out.end(mark);
        }
        if (failed(span)) {
            int status = out.begin(15);
            out.number(3, ERROR);
            out.end(status);
        }
        out.fixed32(16, IS_REMOTE_KNOWN | SAMPLED | (span.joined() ? IS_REMOTE : 0));
    }

    private static void attribute(MessageWriter out, int field, String name, String value) {
        int attribute = out.begin(field);
        out.octets(1, name);
        int any = out.begin(2);
        out.octetsAlways(1, value);
        out.end(any);
        out.end(attribute);
    }

    /** As OpenTelemetry reads status codes: to a client, what was its own fault is one, too. */
    private static boolean failed(OpenTelemetrySpan span) {
        for (int i = 0; i < span.tags(); i++) {
            if (span.tagName(i).equals("http.status_code")) {
                String status = span.tagValue(i);
                char first = status.isEmpty() ? '0' : status.charAt(0);
                return status.length() == 3 && (first == '5' || (first == '4' && span.client()));
            }
        }
        return false;
    }
}
