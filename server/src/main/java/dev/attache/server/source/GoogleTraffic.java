package dev.attache.server.source;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.xds.stream.TransportEvents;

/** What streams to a target count: {@code grpc.<stat_prefix>.}. Main loop only. */
final class GoogleTraffic implements TransportEvents {

    private final StatsStore.Hold hold;
    private final Scope scope;
    private final int worker;

    /**
     * @param worker index of the cells of the main loop
     */
    GoogleTraffic(String statPrefix, StatsStore stats, int worker) {
        String prefix = "grpc." + statPrefix + ".";
        this.hold = stats.hold(prefix);
        this.scope = stats.scope(prefix);
        this.worker = worker;
        inc("google_grpc_client_creation");
        for (int code = 0; code <= 16; code++) {
            scope.counter("streams_closed_" + code);
        }
        scope.counter("streams_total");
    }

    private void inc(String name) {
        scope.counter(name).cell(worker).inc();
    }

    @Override
    public void streamWanted() {
        inc("streams_total");
    }

    @Override
    public void streamClosed(int code) {
        inc("streams_closed_" + code);
    }

    void close() {
        hold.close();
    }
}
