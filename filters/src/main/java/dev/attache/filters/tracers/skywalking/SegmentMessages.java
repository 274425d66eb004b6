package dev.attache.filters.tracers.skywalking;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.tracing.RecordedSpan;
import io.netty.buffer.ByteBuf;

/** A segment as {@code skywalking.v3.SegmentObject}. */
final class SegmentMessages {

    private static final int ENTRY = 0;
    private static final int EXIT = 1;
    private static final int HTTP_LAYER = 3;

    /** Envoy's number among SkyWalking's components. */
    private static final int COMPONENT = 9000;

    /** Bytes of a segment, to begin with. */
    private static final int USUAL = 2048;

    private SegmentMessages() {}

    static ByteBuf of(Segment segment, String service, String instance) {
        MessageWriter out = new MessageWriter(USUAL);
        out.octets(1, segment.traceId);
        out.octets(2, segment.segmentId);
        for (SkyWalkingSpan span : segment.spans) {
            int mark = out.begin(3);
            write(out, span, segment);
            out.end(mark);
        }
        out.octets(4, service);
        out.octets(5, instance);
        return out.handOver();
    }

    private static void write(MessageWriter out, SkyWalkingSpan span, Segment segment) {
        out.number(1, span.id());
        out.number(2, span.parentId());
        out.number(3, span.startNanos() / 1_000_000);
        out.number(4, span.endNanos() / 1_000_000);
        Sw8 caller = segment.parent;
        if (caller != null && !span.isExit()) {
            int reference = out.begin(5);
            out.octets(2, caller.traceId());
            out.octets(3, caller.segmentId());
            out.number(4, caller.spanId());
            out.octets(5, caller.service());
            out.octets(6, caller.instance());
            out.octets(7, caller.endpoint());
            out.octets(8, caller.address());
            out.end(reference);
        }
        out.octets(6, span.operation());
        out.octets(7, span.peer());
        out.number(8, span.isExit() ? EXIT : ENTRY);
        out.number(9, HTTP_LAYER);
        out.number(10, COMPONENT);
        for (int i = 0; i < span.tags(); i++) {
            if (span.tagName(i).equals("error")) {
                out.flag(11, true);
            }
            int tag = out.begin(12);
            out.octets(1, span.tagName(i));
            out.octets(2, span.tagValue(i));
            out.end(tag);
        }
        for (RecordedSpan.Event event : span.events()) {
            int log = out.begin(13);
            out.number(1, event.epochNanos() / 1_000_000);
            int data = out.begin(2);
            out.octets(2, event.name());
            out.end(data);
            out.end(log);
        }
    }
}
