package dev.attache.filters.http.basic_auth;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute;

/** Users of a route. */
public final class BasicAuthPerRouteFactory
        implements ExtensionCompiler<BasicAuthPerRoute, Object> {
    @Override
    public BasicAuthPerRoute prototype() {
        return BasicAuthPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(BasicAuthPerRoute proto, CompileContext context) {
        return context.result(
                new BasicAuthRoute(
                        UsersFactory.read(proto.getUsers(), context.at("users")),
                        Octets.of(Overlay.of(proto).text("realm"))));
    }
}
