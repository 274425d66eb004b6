package dev.attache.filters.stateful_session;

import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** Where sessions are kept (Envoy's {@code SessionStateFactory}). Immutable, any thread. */
public interface SessionKind {

    /**
     * The session of a request, whose headers it may change; null = it has none.
     *
     * @param nowSeconds since 1970
     */
    @Nullable Session begin(Headers request, long nowSeconds);
}
