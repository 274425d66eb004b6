package dev.attache.filters.http.set_metadata;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Config;

/** Settings of a route. */
public final class SetMetadataPerRouteFactory implements ExtensionCompiler<Config, Object> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(Config proto, CompileContext context) {
        return context.result(SetMetadataFactory.settings(proto, context));
    }
}
