package dev.attache.filters.tracers.zipkin;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.filters.wire.Utf8;
import dev.attache.proxy.address.LocalAddressOfHost;
import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.proxy.tracing.RecordedSpan;
import dev.attache.proxy.tracing.TraceIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Spans in the two forms that Zipkin's second version takes: JSON and protobuf. */
final class ZipkinMessages {

    /** Bytes of a batch, to begin with. */
    private static final int USUAL = 4096;

    private static final int CLIENT = 1;
    private static final int SERVER = 2;

    private final String service;
    private final boolean sharedContext;
    private final String ip = LocalAddressOfHost.V4.host();

    /**
     * @param service of the local endpoint, in octets
     */
    ZipkinMessages(String service, boolean sharedContext) {
        this.service = service;
        this.sharedContext = sharedContext;
    }

    ByteBuf json(List<ZipkinSpan> spans) {
        StringBuilder out = new StringBuilder(spans.size() * 1024);
        String separator = "[";
        for (int i = 0; i < spans.size(); i++) {
            out.append(separator);
            json(out, spans.get(i));
            separator = ",";
        }
        return Unpooled.wrappedBuffer(out.append(']').toString().getBytes(StandardCharsets.UTF_8));
    }

    private void json(StringBuilder out, ZipkinSpan span) {
        out.append("{\"traceId\":\"").append(span.traceId());
        out.append("\",\"id\":\"").append(span.id());
        if (span.ids().parentId() != 0) {
            out.append("\",\"parentId\":\"").append(TraceIds.hex(span.ids().parentId()));
        }
        out.append("\",\"kind\":\"").append(span.client() ? "CLIENT" : "SERVER");
        out.append("\",\"name\":");
        quote(out, span.operation());
        out.append(",\"timestamp\":").append(span.startNanos() / 1000);
        out.append(",\"duration\":").append((span.endNanos() - span.startNanos()) / 1000);
        if (sharedContext && span.shared()) {
            out.append(",\"shared\":true");
        }
        out.append(",\"localEndpoint\":{\"serviceName\":");
        quote(out, service);
        out.append(",\"ipv4\":\"").append(ip).append("\",\"port\":0},\"tags\":{");
        for (int i = 0; i < span.tags(); i++) {
            out.append(i == 0 ? "" : ",");
            quote(out, span.tagName(i));
            out.append(':');
            quote(out, span.tagValue(i));
        }
        out.append("},\"annotations\":[");
        annotation(out, span.endNanos(), span.client() ? "cr" : "ss", "");
        for (RecordedSpan.Event event : span.events()) {
            annotation(out, event.epochNanos(), event.name(), ",");
        }
        out.append("]}");
    }

    private static void quote(StringBuilder out, String octets) {
        JsonText.quote(out, Utf8.of(octets));
    }

    private static void annotation(
            StringBuilder out, long epochNanos, String value, String separator) {
        out.append(separator).append("{\"timestamp\":").append(epochNanos / 1000);
        out.append(",\"value\":");
        quote(out, value);
        out.append('}');
    }

    /** {@code zipkin.proto3.ListOfSpans}. */
    ByteBuf protobuf(List<ZipkinSpan> spans) {
        MessageWriter out = new MessageWriter(USUAL);
        for (int i = 0; i < spans.size(); i++) {
            ZipkinSpan span = spans.get(i);
            int mark = out.begin(1);
            out.hex(1, span.traceId());
            if (span.ids().parentId() != 0) {
                out.hex(2, TraceIds.hex(span.ids().parentId()));
            }
            out.hex(3, span.id());
            out.number(4, span.client() ? CLIENT : SERVER);
            out.octets(5, span.operation());
            out.fixed(6, span.startNanos() / 1000);
            out.number(7, (span.endNanos() - span.startNanos()) / 1000);
            endpoint(out);
            event(out, span.endNanos(), span.client() ? "cr" : "ss");
            for (RecordedSpan.Event event : span.events()) {
                event(out, event.epochNanos(), event.name());
            }
            for (int t = 0; t < span.tags(); t++) {
                int tag = out.begin(11);
                out.octets(1, span.tagName(t));
                out.octets(2, span.tagValue(t));
                out.end(tag);
            }
            out.flag(13, sharedContext && span.shared());
            out.end(mark);
        }
        return out.handOver();
    }

    private void endpoint(MessageWriter out) {
        int endpoint = out.begin(8);
        out.octets(1, service);
        out.content(2, LocalAddressOfHost.V4.ip().getAddress());
        out.end(endpoint);
    }

    private static void event(MessageWriter out, long epochNanos, String value) {
        int event = out.begin(10);
        out.fixed(1, epochNanos / 1000);
        out.octets(2, value);
        out.end(event);
    }
}
