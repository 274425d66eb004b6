package dev.attache.filters.http.grpc_http1_bridge;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.grpc_http1_bridge.v3.Config;

/** The filter in the chain. */
public final class GrpcHttp1BridgeFactory implements ExtensionCompiler<Config, HttpFilterSpec> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Config proto, CompileContext context) {
        return context.result(
                new BridgeSpec(proto.getUpgradeProtobufToGrpc(), proto.getIgnoreQueryParameters()));
    }
}
