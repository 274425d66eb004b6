package dev.attache.filters.tracers.skywalking;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one request in this process; sent when all of them are over. Owned by them;
 * loop-confined.
 */
final class Segment {

    final SkyWalkingTracer tracer;
    final String traceId;
    final String segmentId;

    /** What was asked for. */
    final String endpoint;

    final @Nullable Sw8 parent;
    final List<SkyWalkingSpan> spans = new ArrayList<>(2);
    private int open;

    Segment(
            SkyWalkingTracer tracer,
            String traceId,
            String segmentId,
            String endpoint,
            @Nullable Sw8 parent) {
        this.tracer = tracer;
        this.traceId = traceId;
        this.segmentId = segmentId;
        this.endpoint = endpoint;
        this.parent = parent;
    }

    /** Returns its number. */
    int began(SkyWalkingSpan span) {
        spans.add(span);
        open++;
        return spans.size() - 1;
    }

    void ended() {
        if (--open == 0) {
            tracer.report(this);
        }
    }
}
