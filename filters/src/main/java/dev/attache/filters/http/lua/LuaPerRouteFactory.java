package dev.attache.filters.http.lua;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;

/** Compiles what a route says of the filter. */
public final class LuaPerRouteFactory implements ExtensionCompiler<LuaPerRoute, Object> {

    @Override
    public LuaPerRoute prototype() {
        return LuaPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(LuaPerRoute proto, CompileContext context) {
        Overlay newer = Overlay.of(proto);
        LuaScript script =
                proto.hasSourceCode()
                        ? LuaFilterFactory.scripts(newer, context)
                                .of(proto.getSourceCode(), context.at("source_code"))
                        : null;
        return context.result(
                new LuaOverride(
                        proto.getDisabled(),
                        proto.getName(),
                        script,
                        proto.hasFilterContext()
                                ? MetadataValues.compile(proto.getFilterContext())
                                : null));
    }
}
