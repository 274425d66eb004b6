package dev.attache.proxy.network.http;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.tracing.Span;
import dev.attache.proxy.tracing.StreamTrace;
import org.jspecify.annotations.Nullable;

/**
 * How a connection manager with {@code tracing} tells its peers the name of an operation ({@code
 * Route.decorator}): the client side names it to the server in the request, the server side to the
 * client in the response, and each takes out what it was told and calls its span so. Holds without
 * any tracer, and not where {@code tracing.operation} names the span. Envoy's {@code
 * ActiveStream::traceRequest} and {@code encodeHeaders}.
 */
enum DecoratorHeader {
    /** The listener is for inbound traffic, or does not say. */
    INGRESS,
    EGRESS;

    static DecoratorHeader of(TrafficDirection direction) {
        return direction == TrafficDirection.OUTBOUND ? EGRESS : INGRESS;
    }

    /** Treats a request; returns the operation that its response is to name, or null. */
    @Nullable String request(@Nullable Route route, Headers request, Span span) {
        String operation =
                route != null && route.spec().decoratorPropagates()
                        ? route.spec().decoratorOperation()
                        : null;
        if (this == EGRESS) {
            if (operation != null) {
                request.set(HeaderName.X_ENVOY_DECORATOR_OPERATION, operation);
            }
            return null;
        }
        String told = request.get(HeaderName.X_ENVOY_DECORATOR_OPERATION);
        request.remove(HeaderName.X_ENVOY_DECORATOR_OPERATION);
        if (told == null || told.isEmpty()) {
            return operation;
        }
        span.operation(told);
        return null;
    }

    /**
     * Treats a response.
     *
     * @param operation what {@link #request} returned
     * @param trace null where the request did not get as far as that
     */
    void response(@Nullable String operation, Headers response, @Nullable StreamTrace trace) {
        if (this == EGRESS) {
            String told = response.get(HeaderName.X_ENVOY_DECORATOR_OPERATION);
            response.remove(HeaderName.X_ENVOY_DECORATOR_OPERATION);
            if (trace != null && told != null && !told.isEmpty()) {
                trace.span().operation(told);
            }
        } else if (operation != null) {
            response.set(HeaderName.X_ENVOY_DECORATOR_OPERATION, operation);
        }
    }
}
