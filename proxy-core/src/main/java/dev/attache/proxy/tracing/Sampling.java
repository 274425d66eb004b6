package dev.attache.proxy.tracing;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;

/**
 * How many requests are traced: {@code client_sampling}, {@code random_sampling}, {@code
 * overall_sampling} of a connection manager or a route, with runtime's word already in. Immutable.
 */
public record Sampling(Share client, Share random, Share overall) {

    /** Everything. */
    public static final Sampling ALL = new Sampling(Share.ALL, Share.ALL, Share.ALL);

    /** A numerator and its denominator. */
    public record Share(long numerator, long denominator) {
        public static final Share ALL = new Share(100, 100);

        /** Whether a value, of which all bits count, falls into the share. */
        public boolean includes(long value) {
            return Long.remainderUnsigned(value, denominator) < numerator;
        }
    }

    /**
     * Envoy's {@code mutateTracingRequestHeader}.
     *
     * @param told what an earlier proxy has decided
     * @param value of the request id, 0 to 9,999
     * @param drawn a random value
     */
    public TraceReason decide(Headers request, TraceReason told, long value, long drawn) {
        TraceReason reason = told;
        if (reason == TraceReason.NOT_TRACEABLE) {
            reason = decide(request, value, drawn);
        }
        return reason.traced() && !overall.includes(value) ? TraceReason.NOT_TRACEABLE : reason;
    }

    private TraceReason decide(Headers request, long value, long drawn) {
        if (request.contains(HeaderName.X_CLIENT_TRACE_ID) && client.includes(drawn)) {
            return TraceReason.CLIENT_FORCED;
        }
        if (request.contains(HeaderName.X_ENVOY_FORCE_TRACE)) {
            return TraceReason.SERVICE_FORCED;
        }
        return random.includes(value) ? TraceReason.SAMPLING : TraceReason.NOT_TRACEABLE;
    }
}
