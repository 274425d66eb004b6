package dev.attache.filters.http.grpc_web;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;

/** The filter in the chain; there is nothing to set. */
public final class GrpcWebFilterFactory implements ExtensionCompiler<GrpcWeb, HttpFilterSpec> {
    @Override
    public GrpcWeb prototype() {
        return GrpcWeb.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(GrpcWeb proto, CompileContext context) {
        return context.result(new GrpcWebSpec());
    }
}
