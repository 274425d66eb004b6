package dev.attache.filters.network.connection_limit;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** {@code connection_limit.<prefix>.*} as one worker counts them. Loop-confined. */
final class ConnectionLimitStats {

    final Cell limitedConnections;
    final Cell activeConnections;

    ConnectionLimitStats(Scope scope, int worker) {
        limitedConnections = scope.counter("limited_connections").cell(worker);
        activeConnections = scope.gauge("active_connections").cell(worker);
    }
}
