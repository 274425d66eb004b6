package dev.attache.filters.http.cors;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** {@code http.<stat_prefix>.cors.*}, one worker's cells. */
record CorsStats(Cell originValid, Cell originInvalid) {

    static CorsStats of(Scope http, int worker) {
        Scope scope = http.scope("cors.");
        return new CorsStats(
                scope.counter("origin_valid").cell(worker),
                scope.counter("origin_invalid").cell(worker));
    }
}
