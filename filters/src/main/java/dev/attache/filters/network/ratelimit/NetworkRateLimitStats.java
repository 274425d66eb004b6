package dev.attache.filters.network.ratelimit;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** {@code ratelimit.<stat_prefix>.} of one worker. Loop-confined. */
final class NetworkRateLimitStats {
    final Cell total;
    final Cell error;
    final Cell overLimit;
    final Cell ok;
    final Cell cxClosed;
    final Cell failureModeAllowed;
    final Cell active;

    NetworkRateLimitStats(Scope scope, int worker) {
        total = scope.counter("total").cell(worker);
        error = scope.counter("error").cell(worker);
        overLimit = scope.counter("over_limit").cell(worker);
        ok = scope.counter("ok").cell(worker);
        cxClosed = scope.counter("cx_closed").cell(worker);
        failureModeAllowed = scope.counter("failure_mode_allowed").cell(worker);
        active = scope.gauge("active").cell(worker);
    }
}
