package dev.attache.filters.http.header_to_metadata;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;

/** The filter in the chain; without rules it serves those of routes. */
public final class HeaderToMetadataFactory implements ExtensionCompiler<Config, HttpFilterSpec> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Config proto, CompileContext context) {
        return context.result(new HeaderToMetadataSpec(RulesFactory.settings(proto, context)));
    }
}
