package dev.attache.proxy.network.http;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * How a connection manager with {@code tracing} tells its peers the name of an operation ({@code
 * Route.decorator}): the client side names it to the server in the request, the server side to the
 * client in the response, and each takes out what it was told. Holds without any tracer. Envoy's
 * {@code ActiveStream::traceRequest} and {@code encodeHeaders}.
 */
enum DecoratorHeader {
    /** No tracing: the header is a header like others. */
    OFF,
    /** The listener is for inbound traffic, or does not say. */
    INGRESS,
    EGRESS;

    static DecoratorHeader of(HttpConnectionManagerSpec spec, TrafficDirection direction) {
        if (!spec.tracing()) {
            return OFF;
        }
        return direction == TrafficDirection.OUTBOUND ? EGRESS : INGRESS;
    }

    /** Treats a request; returns the operation that its response is to name, or null. */
    @Nullable String request(@Nullable Route route, Headers request) {
        if (this == OFF) {
            return null;
        }
        String operation = route == null ? null : route.spec().decoratorOperation();
        if (this == EGRESS) {
            if (operation != null) {
                request.set(HeaderName.X_ENVOY_DECORATOR_OPERATION, operation);
            }
            return null;
        }
        String told = request.get(HeaderName.X_ENVOY_DECORATOR_OPERATION);
        request.remove(HeaderName.X_ENVOY_DECORATOR_OPERATION);
        return told == null || told.isEmpty() ? operation : null;
    }

    /**
     * Treats a response.
     *
     * @param operation what {@link #request} returned
     */
    void response(@Nullable String operation, Headers response) {
        if (this == EGRESS) {
            response.remove(HeaderName.X_ENVOY_DECORATOR_OPERATION);
        } else if (operation != null) {
            response.set(HeaderName.X_ENVOY_DECORATOR_OPERATION, operation);
        }
    }
}
