package dev.attache.filters.http.json_to_metadata;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata;

/** The filter in the chain; without rules it serves those of routes. */
public final class JsonToMetadataFactory
        implements ExtensionCompiler<JsonToMetadata, HttpFilterSpec> {
    @Override
    public JsonToMetadata prototype() {
        return JsonToMetadata.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(JsonToMetadata proto, CompileContext context) {
        return context.result(new JsonToMetadataSpec(BodyRulesFactory.settings(proto, context)));
    }
}
