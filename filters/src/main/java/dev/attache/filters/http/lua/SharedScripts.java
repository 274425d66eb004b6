package dev.attache.filters.http.lua;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.SharedSlot;

/** Scripts of one {@code shared_vm_id} that are the same share their states, as in Envoy. */
final class SharedScripts {
    private SharedScripts() {}

    /** The script, which keeps the slot where the next one finds it. */
    static LuaScript of(CompileContext context, LuaScript.Source source) {
        SharedSlot<LuaScript> slot =
                context.settings()
                        .shared()
                        .slot(LuaScript.class, source, () -> new LuaScript(source));
        LuaScript script = slot.lease().value();
        script.keep(slot);
        return script;
    }
}
