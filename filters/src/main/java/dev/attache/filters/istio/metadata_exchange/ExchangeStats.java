package dev.attache.filters.istio.metadata_exchange;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;

/** {@code metadata_exchange.*} of one worker, which all filters of the process share. */
final class ExchangeStats {
    final Cell alpnProtocolNotFound;
    final Cell alpnProtocolFound;
    final Cell initialHeaderNotFound;
    final Cell headerNotFound;
    final Cell metadataAdded;

    ExchangeStats(StatsStore stats, int worker) {
        Scope scope = stats.scope("metadata_exchange.");
        alpnProtocolNotFound = scope.counter("alpn_protocol_not_found").cell(worker);
        alpnProtocolFound = scope.counter("alpn_protocol_found").cell(worker);
        initialHeaderNotFound = scope.counter("initial_header_not_found").cell(worker);
        headerNotFound = scope.counter("header_not_found").cell(worker);
        metadataAdded = scope.counter("metadata_added").cell(worker);
    }
}
