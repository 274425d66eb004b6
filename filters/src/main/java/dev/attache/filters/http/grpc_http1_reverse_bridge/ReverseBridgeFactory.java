package dev.attache.filters.http.grpc_http1_reverse_bridge;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.grpc_http1_reverse_bridge.v3.FilterConfig;
import java.util.Locale;

/** The filter in the chain. */
public final class ReverseBridgeFactory implements ExtensionCompiler<FilterConfig, HttpFilterSpec> {
    @Override
    public FilterConfig prototype() {
        return FilterConfig.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(FilterConfig proto, CompileContext context) {
        String size = proto.getResponseSizeHeader().toLowerCase(Locale.ROOT);
        return context.result(
                new ReverseBridgeSpec(
                        Octets.of(proto.getContentType()),
                        proto.getWithholdGrpcFrames(),
                        size.isEmpty() ? null : HeaderName.of(size)));
    }
}
