package dev.attache.filters.tracers.skywalking;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tracing.RecordedSpan;
import dev.attache.proxy.tracing.Span;
import org.jspecify.annotations.Nullable;

/** A span within a segment. Loop-confined. */
final class SkyWalkingSpan extends RecordedSpan {

    private final Segment segment;
    private final @Nullable SkyWalkingSpan parent;
    private final int id;
    private String peer;

    /**
     * @param parent null: the request as it came
     * @param peer who asked, or who is asked
     */
    SkyWalkingSpan(
            Segment segment,
            @Nullable SkyWalkingSpan parent,
            String operation,
            String peer,
            long epochNanos,
            boolean sampled) {
        super(operation, epochNanos, sampled);
        this.segment = segment;
        this.parent = parent;
        this.peer = peer;
        this.id = segment.began(this);
    }

    @Override
    protected void report() {
        segment.ended();
    }

    @Override
    public boolean isDecidedHere() {
        return parent == null && segment.parent == null;
    }

    /** As in Envoy, an operation is called by its path. */
    @Override
    public void operation(String name) {}

    /** What SkyWalking's own names are for. */
    @Override
    public void tag(String name, String value) {
        switch (name) {
            case "http.url" -> append("url", value);
            case "http.status_code" -> append("status_code", value);
            case "peer.address" -> peer = value;
            default -> append(name, value);
        }
    }

    /** Only a span of what is done elsewhere tells where that is. */
    @Override
    public void inject(Headers request, @Nullable String address) {
        if (parent == null || !isSampled()) {
            return;
        }
        peer = address != null ? address : request.getOr(HeaderName.AUTHORITY, "");
        request.set(
                Sw8.HEADER,
                new Sw8(
                                true,
                                segment.traceId,
                                segment.segmentId,
                                id,
                                segment.tracer.service(),
                                segment.tracer.instance(),
                                segment.endpoint,
                                peer)
                        .text());
        super.operation(request.getOr(HeaderName.PATH, ""));
    }

    @Override
    public Span child(String operation, long epochNanos) {
        return new SkyWalkingSpan(segment, this, operation, "", epochNanos, isSampled());
    }

    /** As in Envoy, logs are not told of SkyWalking's identifiers. */
    @Override
    public String traceId() {
        return "";
    }

    @Override
    public String spanId() {
        return "";
    }

    int id() {
        return id;
    }

    int parentId() {
        return parent == null ? -1 : parent.id;
    }

    boolean isExit() {
        return parent != null;
    }

    String peer() {
        return peer;
    }
}
