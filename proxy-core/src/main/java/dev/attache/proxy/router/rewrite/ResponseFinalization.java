package dev.attache.proxy.router.rewrite;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.route.HeaderLevels;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import org.jspecify.annotations.Nullable;

/**
 * What a route does to the headers of a response before it goes back, level by level (Envoy:
 * "Header manipulation", {@code finalizeResponseHeaders}). Pure.
 */
public final class ResponseFinalization {

    private ResponseFinalization() {}

    /** Of a response that no upstream gave. */
    public static void response(
            Route route,
            @Nullable WeightedCluster weighted,
            Headers request,
            Headers response,
            StreamInfo info) {
        FormatContext context =
                new FormatContext(info, request, response, null, "", AccessLogType.NotSet);
        HeaderLevels.response(route, weighted, response, context);
    }

    /**
     * Of an upstream's response.
     *
     * @param cookies that the hash policy has made for the client
     */
    public static void upstream(
            Route route,
            @Nullable WeightedCluster weighted,
            Iterable<String> cookies,
            Headers request,
            Headers response,
            StreamInfo info) {
        for (String cookie : cookies) {
            response.add(HeaderName.SET_COOKIE, cookie);
        }
        info.responseCodeDetails(StreamInfo.VIA_UPSTREAM);
        response(route, weighted, request, response, info);
        if (route.virtualHost().spec().includeAttemptCountInResponse()) {
            response.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attemptCount);
        }
    }

    /** The answer in the upstream's place, with the number of attempts where that is asked for. */
    public static LocalReply instead(Route route, LocalReply reply, StreamInfo info) {
        return route.virtualHost().spec().includeAttemptCountInResponse()
                ? reply.with(HeaderName.X_ENVOY_ATTEMPT_COUNT, Integer.toString(info.attemptCount))
                : reply;
    }
}
