package dev.attache.filters.http.grpc_http1_reverse_bridge;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The filter with its settings. Immutable.
 *
 * @param contentType that the server sees and answers with
 * @param withholdsFrames the server sees bare messages
 * @param sizeHeader says how long its message is, so that it need not be gathered; null = none
 */
record ReverseBridgeSpec(
        String contentType, boolean withholdsFrames, @Nullable HeaderName sizeHeader)
        implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> new ReverseBridgeFilter(this);
    }
}
