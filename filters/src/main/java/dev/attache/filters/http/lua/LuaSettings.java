package dev.attache.filters.http.lua;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the filter is configured with. Immutable.
 *
 * @param script of routes that say nothing else, or null: there is none
 * @param scripts that routes may name
 * @param statPrefix behind {@code lua.}, without a dot, or empty
 * @param clearsRoute the route is chosen again when a script has changed request headers
 * @param context for scripts of routes that have none
 */
record LuaSettings(
        @Nullable LuaScript script,
        Map<String, LuaScript> scripts,
        String statPrefix,
        boolean clearsRoute,
        MetadataValue.Struct context) {

    LuaSettings {
        scripts = Map.copyOf(scripts);
    }
}
