package dev.attache.filters.http.stateful_session;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** {@code http.<prefix>.stateful_session.<stat_prefix>.} of one worker. Loop-confined. */
final class SessionStats {
    final Cell routed;
    final Cell failedOpen;
    final Cell failedClosed;

    SessionStats(Scope scope, int worker) {
        routed = scope.counter("routed").cell(worker);
        failedOpen = scope.counter("failed_open").cell(worker);
        failedClosed = scope.counter("failed_closed").cell(worker);
    }
}
