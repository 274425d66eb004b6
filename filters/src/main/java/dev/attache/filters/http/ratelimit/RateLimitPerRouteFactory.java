package dev.attache.filters.http.ratelimit;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.ratelimit.RateLimitCompiler;
import dev.attache.filters.http.ratelimit.RateLimitOverride.VirtualHostLimits;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute;

/** Settings of a route. */
public final class RateLimitPerRouteFactory
        implements ExtensionCompiler<RateLimitPerRoute, Object> {
    @Override
    public RateLimitPerRoute prototype() {
        return RateLimitPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(RateLimitPerRoute proto, CompileContext context) {
        return context.result(
                new RateLimitOverride(
                        Octets.of(proto.getDomain()),
                        switch (proto.getVhRateLimits()) {
                            case INCLUDE -> VirtualHostLimits.INCLUDE;
                            case IGNORE -> VirtualHostLimits.IGNORE;
                            case OVERRIDE, UNRECOGNIZED -> VirtualHostLimits.OVERRIDE;
                        },
                        RateLimitCompiler.ofFilter(proto.getRateLimitsList(), true, context)));
    }
}
