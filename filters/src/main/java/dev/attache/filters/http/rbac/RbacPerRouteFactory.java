package dev.attache.filters.http.rbac;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;

/** Settings of a route, in place of the filter's; none of them switches it off. */
public final class RbacPerRouteFactory implements ExtensionCompiler<RBACPerRoute, Object> {
    @Override
    public RBACPerRoute prototype() {
        return RBACPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(RBACPerRoute proto, CompileContext context) {
        return context.result(RbacFactory.settings(proto.getRbac(), context.at("rbac")));
    }
}
