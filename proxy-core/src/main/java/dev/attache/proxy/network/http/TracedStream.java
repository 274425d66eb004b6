package dev.attache.proxy.network.http;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.tracing.RouteTracing;
import dev.attache.proxy.tracing.StreamTrace;
import dev.attache.proxy.tracing.TraceReason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a connection manager with {@code tracing} does for one stream: its trace, and the names of
 * operations that peers tell each other. Owned by the stream; loop-confined.
 */
final class TracedStream implements StreamTrace.Stream {

    private final RequestTracing tracing;
    private final DecoratorHeader decorator;
    private final StreamInfo info;
    private final Supplier<FormatContext> facts;
    private TraceReason reason = TraceReason.NOT_TRACEABLE;
    private @Nullable Route route;
    private @Nullable StreamTrace trace;

    /** What the response names as the operation, or null. */
    private @Nullable String operation;

    /** Null where nothing is traced. */
    static @Nullable TracedStream of(
            HttpConnectionManagerFactory chain, StreamInfo info, Supplier<FormatContext> facts) {
        RequestTracing tracing = chain.tracing();
        return tracing == null ? null : new TracedStream(tracing, chain.decorator(), info, facts);
    }

    private TracedStream(
            RequestTracing tracing,
            DecoratorHeader decorator,
            StreamInfo info,
            Supplier<FormatContext> facts) {
        this.tracing = tracing;
        this.decorator = decorator;
        this.info = info;
        this.facts = facts;
    }

    /** Whether the request is traced, by the route that it has now. */
    void decide(Headers request, @Nullable Route chosen) {
        route = chosen;
        reason = tracing.decide(request, routeTracing());
        info.traced = reason.traced();
    }

    /** The request goes on its way. */
    void begin(Headers request, @Nullable Route chosen) {
        route = chosen;
        StreamTrace begun = tracing.begin(request, info, reason, this);
        trace = begun;
        if (begun.namesOperation()) {
            return;
        }
        if (chosen != null && chosen.spec().decoratorOperation() != null) {
            begun.span().operation(chosen.spec().decoratorOperation());
        }
        operation = decorator.request(chosen, request, begun.span());
    }

    @Nullable StreamTrace trace() {
        return trace;
    }

    @Override
    public FormatContext facts() {
        return facts.get();
    }

    @Override
    public @Nullable RouteTracing routeTracing() {
        return route == null ? null : route.spec().tracing();
    }

    void response(Headers response) {
        if (trace == null || !trace.namesOperation()) {
            decorator.response(operation, response, trace);
        }
    }

    void finish() {
        if (info.healthCheck) {
            tracing.countHealthCheck();
        }
        if (trace != null) {
            // Only now, as in Envoy: a filter may have found out that it is a health check.
            tracing.count(info.healthCheck ? TraceReason.NOT_TRACEABLE : reason);
            trace.finish();
        }
    }
}
