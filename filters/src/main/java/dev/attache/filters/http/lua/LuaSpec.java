package dev.attache.filters.http.lua;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter of one chain. */
record LuaSpec(LuaSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        LuaStats stats = new LuaStats(scope.stats(), settings.statPrefix());
        int worker = scope.worker().index();
        if (settings.script() != null) {
            settings.script().on(worker, stats.states);
        }
        settings.scripts().values().forEach(script -> script.on(worker, stats.states));
        return () -> new LuaFilter(settings, scope, stats);
    }
}
