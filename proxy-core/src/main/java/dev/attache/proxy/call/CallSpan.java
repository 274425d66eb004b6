package dev.attache.proxy.call;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.tracing.AttemptFacts;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.SpanFacts;
import dev.attache.proxy.tracing.StreamTrace;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The span of a call in the trace of the request for which it is made. Made anew for each call;
 * loop-confined.
 */
public final class CallSpan {

    private final StreamTrace trace;
    private final @Nullable String name;
    private final @Nullable Boolean sampled;
    private @Nullable Span span;
    private @Nullable BiConsumer<Span, Headers> beforeFinish;
    private int status;

    private CallSpan(StreamTrace trace, @Nullable String name, @Nullable Boolean sampled) {
        this.trace = trace;
        this.name = name;
        this.sampled = sampled;
    }

    /** A call by a filter; null where nothing is traced. */
    public static @Nullable CallSpan of(@Nullable StreamTrace trace) {
        return trace == null ? null : new CallSpan(trace, null, null);
    }

    /**
     * A call by a filter; null where nothing is traced.
     *
     * @param name of the operation
     * @param sampled null: as the request is
     */
    public static @Nullable CallSpan of(
            @Nullable StreamTrace trace, String name, @Nullable Boolean sampled) {
        return trace == null ? null : new CallSpan(trace, name, sampled);
    }

    /** Who made the call says something of the response before the span goes. */
    public CallSpan beforeFinish(BiConsumer<Span, Headers> says) {
        beforeFinish = says;
        return this;
    }

    /**
     * The call goes out.
     *
     * @param what of the operation, where nobody has named it: a cluster or a method
     */
    public void begin(String what, Headers head, long nanos) {
        String operation = name != null ? name : "async " + what + " egress";
        Span child = trace.span().child(operation, trace.epochNanos(nanos));
        if (sampled != null) {
            child.sampled(sampled);
        }
        if (trace.options().propagates()) {
            child.inject(head, null);
        }
        span = child;
    }

    /** Says something of the call, while it lasts. */
    public void tag(String name, String value) {
        if (span != null) {
            span.tag(name, value);
        }
    }

    /** What a gRPC call says of itself as it begins. */
    public void service(String cluster) {
        if (span != null) {
            String name = Octets.of(cluster);
            span.tag("upstream_cluster", name);
            span.tag("upstream_address", name);
            span.tag("component", "proxy");
        }
    }

    void answered(Headers response, int code) {
        status = code;
        if (span != null) {
            if (beforeFinish != null) {
                beforeFinish.accept(span, response);
            }
            SpanFacts.grpcResponse(span, response);
        }
    }

    void trailers(Headers response) {
        if (span != null) {
            SpanFacts.grpcResponse(span, response);
        }
    }

    /** What a call over HTTP came to. */
    void finish(AttemptFacts facts, long nanos) {
        Span ending = span;
        span = null;
        if (ending != null) {
            trace.finishCall(ending, facts, nanos);
        }
    }

    int status() {
        return status;
    }

    /** What a gRPC call came to, in gRPC's numbers. */
    public void finish(int grpcStatus, long nanos) {
        Span ending = span;
        span = null;
        if (ending != null) {
            ending.tag("grpc.status_code", Integer.toString(grpcStatus));
            if (grpcStatus != 0) {
                ending.tag("error", "true");
            }
            ending.finish(trace.epochNanos(nanos));
        }
    }

    /** A gRPC call was given up. */
    public void canceled(long nanos) {
        Span ending = span;
        span = null;
        if (ending != null) {
            ending.tag("status", "canceled");
            ending.finish(trace.epochNanos(nanos));
        }
    }
}
