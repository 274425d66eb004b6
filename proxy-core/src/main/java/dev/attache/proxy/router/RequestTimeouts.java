package dev.attache.proxy.router;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcTimeout;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.RouteAction;

/**
 * How long one request may take, from route and headers ({@code FilterUtility::finalTimeout}). In
 * milliseconds; 0 = without limit. The headers that say so are consumed.
 *
 * @param maxStreamDuration of each attempt, as the request asks for; -1 = the cluster's
 * @param status of the answer where time runs out
 * @param webSocket the time counts before the request is whole, and until it is accepted
 */
record RequestTimeouts(
        long global,
        long perTry,
        long perTryIdle,
        long maxStreamDuration,
        int status,
        boolean webSocket) {

    private static final HeaderName ALT_RESPONSE =
            HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE;

    static final RequestTimeouts NONE = new RequestTimeouts(0, 0, 0, -1, 504, false);

    static RequestTimeouts of(RouterSpec spec, RouteAction.Forward forward, Headers request) {
        boolean grpc = GrpcContent.isGrpc(request);
        long global = 0;
        if (forward.maxStreamDuration() == null) {
            global =
                    grpc && forward.maxGrpcTimeoutMillis() >= 0
                            ? capped(
                                    grpcTimeout(request, forward.grpcTimeoutOffsetMillis()),
                                    forward.maxGrpcTimeoutMillis())
                            : forward.timeoutMillis();
        }
        RetryPolicy retry = forward.retry();
        long perTry = retry == null ? 0 : retry.perTryTimeoutMillis();
        long expected = request.getLong(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS);
        long asked = request.getLong(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS);
        request.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS);
        if (spec.respectExpectedRqTimeout() && expected >= 0) {
            global = expected;
        } else if (asked >= 0) {
            global = asked;
        }
        long askedPerTry = request.getLong(HeaderName.X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS);
        request.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS);
        if (askedPerTry >= 0) {
            perTry = askedPerTry;
        }
        if (perTry >= global && global != 0) {
            perTry = 0;
        }
        long duration = request.getLong(HeaderName.X_ENVOY_UPSTREAM_STREAM_DURATION_MS);
        RequestTimeouts timeouts =
                new RequestTimeouts(
                        global,
                        perTry,
                        retry == null ? 0 : retry.perTryIdleTimeoutMillis(),
                        duration,
                        request.contains(ALT_RESPONSE) ? 204 : 504,
                        isWebSocket(request));
        request.remove(ALT_RESPONSE);
        request.remove(HeaderName.X_ENVOY_UPSTREAM_STREAM_DURATION_MS);
        timeouts.announce(spec, forward, request, 0);
        return timeouts;
    }

    /**
     * Tells the upstream how long it has.
     *
     * @param elapsedMillis what earlier attempts have used up of the whole
     */
    void announce(
            RouterSpec spec, RouteAction.Forward forward, Headers request, long elapsedMillis) {
        long expected = perTry > 0 ? perTry : global;
        if (expected <= 0) {
            return;
        }
        if (global > 0) {
            // Out of time: 0 would mean for ever, and the timer fires any moment.
            expected = elapsedMillis >= global ? 1 : Math.min(expected, global - elapsedMillis);
        }
        if (!spec.suppressEnvoyHeaders()) {
            request.set(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, expected);
        }
        if (GrpcContent.isGrpc(request)
                && forward.maxStreamDuration() == null
                && forward.maxGrpcTimeoutMillis() >= 0) {
            request.set(HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(expected));
        }
    }

    private static boolean isWebSocket(Headers request) {
        int upgrade = request.indexOf(HeaderName.UPGRADE);
        return upgrade >= 0 && request.valueEqualsIgnoreCase(upgrade, "websocket");
    }

    private static long capped(long asked, long max) {
        if (max != 0 && (asked <= 0 || asked > max)) {
            return max;
        }
        return Math.max(0, asked);
    }

    private static long grpcTimeout(Headers request, long offset) {
        long timeout = GrpcTimeout.millis(request);
        return timeout > offset && offset > 0 ? timeout - offset : timeout;
    }
}
