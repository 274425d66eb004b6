package dev.attache.filters.http.jwt_authn;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;

/** What a route asks for. */
public final class JwtAuthnPerRouteFactory implements ExtensionCompiler<PerRouteConfig, Object> {
    @Override
    public PerRouteConfig prototype() {
        return PerRouteConfig.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(PerRouteConfig proto, CompileContext context) {
        return context.result(
                new PerRouteRequirement(
                        proto.hasRequirementName() ? Octets.of(proto.getRequirementName()) : null));
    }
}
