package dev.attache.filters.http.lua;

import com.google.protobuf.Struct;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import java.util.HashMap;
import java.util.Map;

/** Compiles {@code envoy.filters.http.lua}. */
public final class LuaFilterFactory implements ExtensionCompiler<Lua, HttpFilterSpec> {

    @Override
    public Lua prototype() {
        return Lua.getDefaultInstance();
    }

    @Override
    @SuppressWarnings("deprecation") // inline_code is honoured
    public Compiled<HttpFilterSpec> compile(Lua proto, CompileContext context) {
        Overlay newer = Overlay.of(proto);
        ScriptFactory scripts = scripts(newer, context);
        LuaScript script = null;
        if (proto.hasDefaultSourceCode()) {
            if (!proto.getInlineCode().isEmpty()) {
                context.error(
                        "Error: Only one of `inline_code` or `default_source_code` can be set for"
                                + " the Lua filter.");
                return context.result(null);
            }
            script = scripts.of(proto.getDefaultSourceCode(), context.at("default_source_code"));
        } else if (!proto.getInlineCode().isEmpty()) {
            script = scripts.of(Octets.of(proto.getInlineCode()));
        }
        Map<String, LuaScript> named = new HashMap<>();
        proto.getSourceCodesMap()
                .forEach((name, source) -> {
                    LuaScript made = scripts.of(source, context.at("source_codes", name));
                    if (made != null) {
                        named.put(name, made);
                    }
                });
        LuaSettings settings =
                new LuaSettings(
                        script,
                        named,
                        proto.getStatPrefix(),
                        !proto.hasClearRouteCache() || proto.getClearRouteCache().getValue(),
                        context(newer));
        return context.result(new LuaSpec(settings));
    }

    static ScriptFactory scripts(Overlay newer, CompileContext context) {
        return new ScriptFactory(
                context,
                newer.texts("package_paths"),
                newer.texts("package_cpaths"),
                newer.text("shared_vm_id"));
    }

    private static MetadataValue.Struct context(Overlay newer) {
        Struct context = newer.message("filter_context", Struct.getDefaultInstance());
        return context == null ? MetadataValue.EMPTY_STRUCT : MetadataValues.compile(context);
    }
}
