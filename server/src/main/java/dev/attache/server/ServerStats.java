package dev.attache.server;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.flags.ServerOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * The {@code server.*} stats, brought up to date at each flush and when the admin port asks. Any
 * thread.
 */
public final class ServerStats {

    private final StatsStore store;
    private final Lifecycle lifecycle;
    private final Engine engine;
    private final Gauge uptime;
    private final Gauge allocated;
    private final Gauge heapSize;
    private final Gauge physical;
    private final Gauge connections;
    private final Gauge drainingChains;
    private final Histogram initialization;

    ServerStats(StatsStore store, ServerOptions options, Lifecycle lifecycle, Engine engine) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.engine = engine;
        Scope scope = store.scope("server.");
        uptime = scope.gauge("uptime");
        allocated = scope.gauge("memory_allocated");
        heapSize = scope.gauge("memory_heap_size");
        physical = scope.gauge("memory_physical_size");
        connections = scope.gauge("total_connections");
        initialization = scope.histogram("initialization_time_ms", Histogram.Unit.MILLISECONDS);
        drainingChains = store.gauge("listener_manager.total_filter_chains_draining");
        scope.gauge("concurrency").set(options.concurrency());
        scope.gauge("hot_restart_epoch").set(options.restart().restartEpoch());
        scope.gauge("version").set(Long.parseLong(Version.revision().substring(0, 6), 16));
        for (String zero :
                new String[] {
                    "parent_connections", "stats_recent_lookups", "hot_restart_generation"
                }) {
            scope.gauge(zero).set(0);
        }
        for (String zero :
                new String[] {
                    "debug_assertion_failures",
                    "dropped_stat_flushes",
                    "dynamic_unknown_fields",
                    "static_unknown_fields",
                    "envoy_bug_failures",
                    "wip_protos"
                }) {
            scope.counter(zero);
        }
    }

    void initialized() {
        Duration took = lifecycle.initialization();
        if (took != null) {
            initialization.record(took.toMillis());
        }
    }

    /** One stats interval ends. */
    void flush() {
        update();
        store.histograms().forEach(Histogram::flushInterval);
    }

    /** Reads the gauges anew. Not from a worker. */
    public void update() {
        uptime.set(lifecycle.uptime().toSeconds());
        Runtime runtime = Runtime.getRuntime();
        allocated.set(runtime.totalMemory() - runtime.freeMemory());
        heapSize.set(runtime.totalMemory());
        physical.set(
                runtime.totalMemory()
                        + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed());
        connections.set(engine.connections());
        drainingChains.set(engine.drainingChains());
    }
}
