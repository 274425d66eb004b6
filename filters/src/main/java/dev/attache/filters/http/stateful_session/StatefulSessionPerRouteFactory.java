package dev.attache.filters.http.stateful_session;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;

/** Settings of a route. */
public final class StatefulSessionPerRouteFactory
        implements ExtensionCompiler<StatefulSessionPerRoute, Object> {
    @Override
    public StatefulSessionPerRoute prototype() {
        return StatefulSessionPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(StatefulSessionPerRoute proto, CompileContext context) {
        return context.result(
                new StatefulSessionOverride(
                        proto.hasStatefulSession()
                                ? StatefulSessionFilterFactory.spec(
                                        proto.getStatefulSession(), context.at("stateful_session"))
                                : null));
    }
}
