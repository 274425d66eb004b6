package dev.attache.filters.http.cors;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.config.route.v3.CorsPolicy;

/** The deprecated {@code cors} fields of virtual hosts and route actions. */
public final class CorsFieldFactory implements ExtensionCompiler<CorsPolicy, Object> {
    @Override
    public CorsPolicy prototype() {
        return CorsPolicy.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(CorsPolicy proto, CompileContext context) {
        return context.result(CorsPolicyFactory.policy(current(proto), context));
    }

    /** The same settings as the message that replaced it has them. */
    private static io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy current(
            CorsPolicy old) {
        var policy =
                io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy.newBuilder()
                        .addAllAllowOriginStringMatch(old.getAllowOriginStringMatchList())
                        .setAllowMethods(old.getAllowMethods())
                        .setAllowHeaders(old.getAllowHeaders())
                        .setExposeHeaders(old.getExposeHeaders())
                        .setMaxAge(old.getMaxAge());
        if (old.hasAllowCredentials()) {
            policy.setAllowCredentials(old.getAllowCredentials());
        }
        if (old.hasAllowPrivateNetworkAccess()) {
            policy.setAllowPrivateNetworkAccess(old.getAllowPrivateNetworkAccess());
        }
        if (old.hasForwardNotMatchingPreflights()) {
            policy.setForwardNotMatchingPreflights(old.getForwardNotMatchingPreflights());
        }
        if (old.hasFilterEnabled()) {
            policy.setFilterEnabled(old.getFilterEnabled());
        }
        if (old.hasShadowEnabled()) {
            policy.setShadowEnabled(old.getShadowEnabled());
        }
        return policy.build();
    }
}
