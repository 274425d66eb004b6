package dev.attache.filters.http.lua;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;

/**
 * Envoy's statistics of the filter, below {@code http.<stat_prefix>.lua.}, and the scripts' own.
 */
final class LuaStats {

    final Counter errors;
    final Counter executions;

    /** {@code lua.lua_vm_count}, of the process. */
    final Gauge states;

    /** Where scripts have theirs. */
    final Scope scope;

    LuaStats(Scope connectionManager, String prefix) {
        Scope own = connectionManager.scope("lua.");
        scope = prefix.isEmpty() ? own : own.scope(prefix + ".");
        errors = scope.counter("errors");
        executions = scope.counter("executions");
        states = connectionManager.store().gauge("lua.lua_vm_count");
    }
}
