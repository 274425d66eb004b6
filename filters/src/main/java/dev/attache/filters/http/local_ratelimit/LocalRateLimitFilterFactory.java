package dev.attache.filters.http.local_ratelimit;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;

/** The limits of the filter; without a bucket it is there for those of routes. */
public final class LocalRateLimitFilterFactory
        implements ExtensionCompiler<LocalRateLimit, HttpFilterSpec> {
    @Override
    public LocalRateLimit prototype() {
        return LocalRateLimit.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(LocalRateLimit proto, CompileContext context) {
        return context.result(
                new LocalRateLimitFilterSpec(
                        LocalRateLimitSettingsFactory.settings(proto, context)));
    }
}
