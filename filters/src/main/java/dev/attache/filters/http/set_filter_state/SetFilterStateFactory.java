package dev.attache.filters.http.set_filter_state;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.filter_state.StateEntriesFactory;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;

/** The filter in the chain. */
public final class SetFilterStateFactory implements ExtensionCompiler<Config, HttpFilterSpec> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Config proto, CompileContext context) {
        return context.result(new SetFilterStateSpec(settings(proto, context)));
    }

    static SetFilterStateSettings settings(Config proto, CompileContext context) {
        return new SetFilterStateSettings(
                StateEntriesFactory.compile(
                        proto.getOnRequestHeadersList(), "on_request_headers", context),
                Overlay.of(proto).flag("clear_route_cache"));
    }
}
