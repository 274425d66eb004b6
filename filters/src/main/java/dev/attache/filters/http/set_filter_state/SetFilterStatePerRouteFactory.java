package dev.attache.filters.http.set_filter_state;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;

/** Settings of a route. */
public final class SetFilterStatePerRouteFactory implements ExtensionCompiler<Config, Object> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(Config proto, CompileContext context) {
        return context.result(SetFilterStateFactory.settings(proto, context));
    }
}
