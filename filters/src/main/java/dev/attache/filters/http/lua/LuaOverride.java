package dev.attache.filters.http.lua;

import dev.attache.proxy.metadata.MetadataValue;
import org.jspecify.annotations.Nullable;

/**
 * What a route says instead. Immutable.
 *
 * @param name of one of the filter's scripts, or empty
 * @param script of its own, or null
 * @param context for the script
 */
record LuaOverride(
        boolean disabled,
        String name,
        @Nullable LuaScript script,
        MetadataValue.@Nullable Struct context) {

    @Nullable LuaScript choose(LuaSettings filter) {
        if (disabled) {
            return null;
        }
        if (!name.isEmpty()) {
            return filter.scripts().get(name);
        }
        return script != null ? script : filter.script();
    }
}
