package dev.attache.filters.http.upstream_codec;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;

/** Nothing to configure. */
public final class UpstreamCodecFactory
        implements ExtensionCompiler<UpstreamCodec, HttpFilterSpec> {
    @Override
    public UpstreamCodec prototype() {
        return UpstreamCodec.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(UpstreamCodec proto, CompileContext context) {
        return context.result(new UpstreamCodecSpec());
    }
}
