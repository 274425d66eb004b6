package dev.attache.filters.http.json_to_metadata;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata;

/** Settings of a route. */
public final class JsonToMetadataPerRouteFactory
        implements ExtensionCompiler<JsonToMetadata, Object> {
    @Override
    public JsonToMetadata prototype() {
        return JsonToMetadata.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(JsonToMetadata proto, CompileContext context) {
        if (!proto.hasRequestRules() && !proto.hasResponseRules()) {
            context.error(
                    "json_to_metadata_filter: Per route configs must at least specify one of"
                            + " request_rules or response_rules.");
        }
        return context.result(BodyRulesFactory.settings(proto, context));
    }
}
