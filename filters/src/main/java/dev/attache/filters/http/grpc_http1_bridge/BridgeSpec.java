package dev.attache.filters.http.grpc_http1_bridge;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/**
 * The filter with its settings.
 *
 * @param upgradesProtobuf bare messages become gRPC, and answers to them bare messages
 * @param ignoresQuery what stands behind the path is left out
 */
record BridgeSpec(boolean upgradesProtobuf, boolean ignoresQuery) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> new BridgeFilter(this);
    }
}
