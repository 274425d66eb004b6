package dev.attache.filters.http.header_to_metadata;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;

/** Settings of a route. */
public final class HeaderToMetadataPerRouteFactory implements ExtensionCompiler<Config, Object> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(Config proto, CompileContext context) {
        if (proto.getRequestRulesCount() == 0 && proto.getResponseRulesCount() == 0) {
            context.error(
                    "header_to_metadata_filter: Per filter configs must at least specify either"
                            + " request or response rules");
        }
        return context.result(RulesFactory.settings(proto, context));
    }
}
