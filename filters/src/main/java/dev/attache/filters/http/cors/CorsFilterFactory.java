package dev.attache.filters.http.cors;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;

/** The filter in the chain; its policies stand on routes. */
public final class CorsFilterFactory implements ExtensionCompiler<Cors, HttpFilterSpec> {
    @Override
    public Cors prototype() {
        return Cors.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Cors proto, CompileContext context) {
        return context.result(new CorsFilterSpec());
    }
}
