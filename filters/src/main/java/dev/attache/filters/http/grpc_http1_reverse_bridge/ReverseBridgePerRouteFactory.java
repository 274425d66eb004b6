package dev.attache.filters.http.grpc_http1_reverse_bridge;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.grpc_http1_reverse_bridge.v3.FilterConfigPerRoute;

/** Settings of a route. */
public final class ReverseBridgePerRouteFactory
        implements ExtensionCompiler<FilterConfigPerRoute, Object> {
    @Override
    public FilterConfigPerRoute prototype() {
        return FilterConfigPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(FilterConfigPerRoute proto, CompileContext context) {
        return context.result(new ReverseBridgeOverride(proto.getDisabled()));
    }
}
