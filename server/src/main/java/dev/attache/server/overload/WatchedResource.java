package dev.attache.server.overload;

import dev.attache.config.overload.DownstreamConnectionLimit;
import dev.attache.config.overload.ResourceMonitor;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;
import java.io.IOException;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A resource that is measured at intervals, with its statistics. */
final class WatchedResource {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private static final int PERCENT = 100;

    private final String name;
    private final ResourceMonitor monitor;
    private final Gauge pressure;
    private final Counter failedUpdates;

    WatchedResource(String name, ResourceMonitor monitor, StatsStore stats) {
        this.name = name;
        this.monitor = monitor;
        this.pressure = stats.gauge("overload." + name + ".pressure");
        this.failedUpdates = stats.counter("overload." + name + ".failed_updates");
        if (!name.equals(DownstreamConnectionLimit.NAME)) {
            // Monitors answer at once: there is never one to be waited for.
            stats.counter("overload." + name + ".skipped_updates");
        }
    }

    String name() {
        return name;
    }

    /** Empty, counted and logged, where it cannot be said. */
    OptionalDouble measure() {
        double now;
        try {
            now = monitor.pressure();
        } catch (IOException | RuntimeException e) {
            LOG.info("Failed to update resource {}: {}", name, e.getMessage());
            failedUpdates.inc();
            return OptionalDouble.empty();
        }
        pressure.set((long) (now * PERCENT));
        return OptionalDouble.of(now);
    }
}
