package dev.attache.proxy.tracing;

import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one request as those see it who work on it: its span, and how further ones are made
 * of it. Owned by the stream; loop-confined.
 */
public final class StreamTrace {

    /** What the stream knows. */
    public interface Stream {

        /** The request and, as far as it is there, the response. */
        FormatContext facts();

        /** What the route says, or null. */
        @Nullable RouteTracing routeTracing();
    }

    private final TracingOptions options;
    private final Span span;
    private final StreamInfo info;
    private final Stream stream;
    private final long clock;

    public StreamTrace(TracingOptions options, Span span, StreamInfo info, Stream stream) {
        this.options = options;
        this.span = span;
        this.info = info;
        this.stream = stream;
        this.clock = clock(info);
    }

    private static long clock(StreamInfo info) {
        return info.startTimeMillis() * 1_000_000 - info.startNanos();
    }

    /** When a stream began, in nanoseconds since 1970. */
    public static long begin(StreamInfo info) {
        return info.startTimeMillis() * 1_000_000;
    }

    public Span span() {
        return span;
    }

    public TracingOptions options() {
        return options;
    }

    /**
     * @param nanos of the worker's clock
     * @return nanoseconds since 1970
     */
    public long epochNanos(long nanos) {
        return clock + nanos;
    }

    /** The request is over: says what is known of it, and lets the span go. */
    public void finish() {
        long end = epochNanos(info.endNanos);
        if (span.isSampled()) {
            SpanFacts.server(span, this, stream.facts());
        }
        span.finish(end);
    }

    /**
     * A call of a filter is over.
     *
     * @param nanos of the worker's clock
     */
    public void finishCall(Span child, AttemptFacts call, long nanos) {
        if (child.isSampled()) {
            SpanFacts.attempt(child, call);
            SpanFacts.error(child, call.status());
        }
        child.finish(epochNanos(nanos));
    }

    /**
     * An attempt at an upstream is over.
     *
     * @param nanos of the worker's clock
     */
    public void finish(Span child, AttemptFacts attempt, long nanos) {
        if (child.isSampled()) {
            SpanFacts.attempt(child, attempt);
            if (options.verbose()) {
                SpanFacts.times(child, this, info, attempt.upstream());
            }
            describe(child, true);
            SpanFacts.error(child, attempt.status());
        }
        child.finish(epochNanos(nanos));
    }

    /** Custom tags, and the operation where it is a format; Envoy's {@code modifySpan}. */
    void describe(Span of, boolean attempt) {
        FormatContext facts = stream.facts();
        RouteTracing route = stream.routeTracing();
        if (route != null) {
            apply(route.tags(), of, facts);
        }
        List<CustomTag> tags = options.tags();
        for (int i = 0; i < tags.size(); i++) {
            CustomTag tag = tags.get(i);
            if (route == null || !route.has(tag.name())) {
                tag.apply(of, facts);
            }
        }
        Formatter format = operation(route, attempt);
        if (format != null) {
            String operation = format.formatOmittingEmpty(facts);
            if (!operation.isEmpty()) {
                of.operation(operation);
            }
        }
    }

    /** Whether the configuration names the server's span: names of decorators do not count then. */
    public boolean namesOperation() {
        return operation(stream.routeTracing(), false) != null;
    }

    private @Nullable Formatter operation(@Nullable RouteTracing route, boolean attempt) {
        Formatter ofRoute = null;
        if (route != null) {
            ofRoute = attempt ? route.upstreamOperation() : route.operation();
        }
        if (ofRoute != null) {
            return ofRoute;
        }
        return attempt ? options.upstreamOperation() : options.operation();
    }

    private static void apply(List<CustomTag> tags, Span of, FormatContext facts) {
        for (int i = 0; i < tags.size(); i++) {
            tags.get(i).apply(of, facts);
        }
    }
}
