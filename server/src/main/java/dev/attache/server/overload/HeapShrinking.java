package dev.attache.server.overload;

import dev.attache.config.overload.OverloadSpec;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.xds.MainLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code shrink_heap}: while it is saturated, a collection at intervals, after which the heap gives
 * back to the system what it does not need. Only where the heap has taken more from the system than
 * the last collection found in use and may be kept. Main loop only.
 */
final class HeapShrinking implements AutoCloseable {

    private final OverloadSpec spec;
    private final MainLoop main;
    private final Counter count;
    private MainLoop.@Nullable Timer timer;
    private boolean active;
    private boolean closed;

    HeapShrinking(OverloadSpec spec, StatsStore stats, MainLoop main) {
        this.spec = spec;
        this.main = main;
        this.count =
                stats.counter(
                        "overload." + OverloadAction.SHRINK_HEAP.configName() + ".shrink_count");
    }

    void start() {
        timer = main.schedule(Duration.ofMillis(spec.shrinkMillis()), this::look);
    }

    void active(boolean now) {
        active = now;
    }

    private void look() {
        if (closed) {
            return;
        }
        if (active) {
            count.inc();
            if (unused() > spec.shrinkKeepBytes()) {
                System.gc();
            }
        }
        start();
    }

    /** Bytes that the heap holds beyond what was in use after the last collection. */
    private static long unused() {
        long unused = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage last = pool.getCollectionUsage();
            if (pool.getType() == MemoryType.HEAP && last != null) {
                unused += pool.getUsage().getCommitted() - last.getUsed();
            }
        }
        return unused;
    }

    @Override
    public void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
