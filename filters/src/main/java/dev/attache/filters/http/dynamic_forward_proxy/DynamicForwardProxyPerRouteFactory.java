package dev.attache.filters.http.dynamic_forward_proxy;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import io.envoyproxy.envoy.extensions.filters.http.dynamic_forward_proxy.v3.PerRouteConfig;

/** Settings of a route. */
public final class DynamicForwardProxyPerRouteFactory
        implements ExtensionCompiler<PerRouteConfig, Object> {

    @Override
    public PerRouteConfig prototype() {
        return PerRouteConfig.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(PerRouteConfig proto, CompileContext context) {
        String header = proto.getHostRewriteHeader();
        return context.result(
                new HostRewrite(
                        proto.getHostRewriteLiteral(),
                        header.isEmpty() ? null : HeaderName.of(header)));
    }
}
