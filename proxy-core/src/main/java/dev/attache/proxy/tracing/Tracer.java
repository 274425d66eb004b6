package dev.attache.proxy.tracing;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;

/** Makes the spans of one worker, and sends them. Loop-confined. */
public interface Tracer {

    /** A connection manager with {@code tracing} and no provider. */
    Tracer NONE = (request, start) -> Span.NONE;

    /**
     * A span for a request that has come: part of the trace that its headers tell of, or of a new
     * one.
     */
    Span start(Headers request, Start start);

    /**
     * How a span begins.
     *
     * @param info of the request
     * @param operation {@code ingress}, or {@code egress} with the host
     * @param egress the listener is for outbound traffic
     * @param splits attempts at upstreams have spans of their own
     * @param traced what sampling has decided
     * @param epochNanos when the request came
     */
    record Start(
            StreamInfo info,
            String operation,
            boolean egress,
            boolean splits,
            boolean traced,
            long epochNanos) {}
}
