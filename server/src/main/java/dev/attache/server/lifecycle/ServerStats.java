package dev.attache.server.lifecycle;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.flags.ServerOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The {@code server.*} stats, brought up to date at each flush and when the admin port asks. Any
 * thread.
 */
public final class ServerStats {

    private static final long NO_CERTIFICATE = 0xFFFF_FFFFL;

    private final StatsStore store;
    private final Lifecycle lifecycle;
    private final Engine engine;
    private final Gauge uptime;
    private final Gauge allocated;
    private final Gauge heapSize;
    private final Gauge physical;
    private final Gauge connections;
    private final Gauge certificateDays;
    private final Gauge parentConnections;
    private final Histogram initialization;
    private volatile LongSupplier parent = () -> 0;
    private final ProcessStats process;

    public ServerStats(
            StatsStore store, ServerOptions options, Lifecycle lifecycle, Engine engine) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.engine = engine;
        Scope scope = store.scope("server.");
        uptime = scope.gauge("uptime");
        allocated = scope.gauge("memory_allocated");
        heapSize = scope.gauge("memory_heap_size");
        physical = scope.gauge("memory_physical_size");
        connections = scope.gauge("total_connections");
        parentConnections = scope.gauge("parent_connections");
        initialization = scope.histogram("initialization_time_ms", Histogram.Unit.MILLISECONDS);
        certificateDays = scope.gauge("days_until_first_cert_expiring");
        scope.gauge("concurrency").set(options.concurrency());
        scope.gauge("hot_restart_epoch").set(options.restart().restartEpoch());
        scope.gauge("version").set(Long.parseLong(Version.revision().substring(0, 6), 16));
        ServerStatNames.declare(store, options.concurrency());
        process = new ProcessStats(store, engine);
    }

    /**
     * There may be a process before this one.
     *
     * @param connections goes on with what it has counted, and returns how many it still serves;
     *     main loop
     */
    public void parent(LongSupplier connections) {
        parent = connections;
    }

    public void initialized() {
        Duration took = lifecycle.initialization();
        if (took != null) {
            initialization.record(took.toMillis());
        }
    }

    /** One stats interval ends. */
    public void flush() {
        parentConnections.set(parent.getAsLong());
        update();
        store.flushIntervals();
    }

    /** Statistics that nobody uses leave, those of them that may. */
    void evictUnused() {
        store.evictUnused();
    }

    /** None ends, for the sinks have not told of the last one yet. */
    void flushDropped() {
        store.counter("server.dropped_stat_flushes").inc();
    }

    /** By what every TLS context tells; Envoy's largest number where there is none. */
    private long daysUntilFirstCertificateExpires() {
        OptionalLong first = store.firstExpiry();
        if (first.isEmpty()) {
            return NO_CERTIFICATE;
        }
        long seconds = first.getAsLong() - Instant.now().getEpochSecond();
        return Math.max(0, TimeUnit.SECONDS.toDays(seconds));
    }

    /** Reads the gauges anew. Not from a worker. */
    public void update() {
        lifecycle.publish();
        uptime.set(lifecycle.uptimeOfAll().toSeconds());
        Runtime runtime = Runtime.getRuntime();
        allocated.set(runtime.totalMemory() - runtime.freeMemory());
        heapSize.set(runtime.totalMemory());
        physical.set(
                runtime.totalMemory()
                        + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed());
        connections.set(engine.connections() + parentConnections.value());
        certificateDays.set(daysUntilFirstCertificateExpires());
        process.update();
    }
}
