package dev.attache.filters.http.local_ratelimit;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;

/** {@code <stat_prefix>.http_local_rate_limit.*} of one worker. Loop-confined. */
final class LocalRateLimitStats {
    final Cell enabled;
    final Cell enforced;
    final Cell rateLimited;
    final Cell ok;
    final Cell shadowMode;

    LocalRateLimitStats(StatsStore store, String statPrefix, int worker) {
        Scope scope = store.scope(prefix(statPrefix));
        enabled = scope.counter("enabled").cell(worker);
        enforced = scope.counter("enforced").cell(worker);
        rateLimited = scope.counter("rate_limited").cell(worker);
        ok = scope.counter("ok").cell(worker);
        shadowMode = scope.counter("shadow_mode").cell(worker);
    }

    static String prefix(String statPrefix) {
        return statPrefix + ".http_local_rate_limit.";
    }
}
