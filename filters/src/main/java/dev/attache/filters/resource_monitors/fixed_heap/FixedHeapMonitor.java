package dev.attache.filters.resource_monitors.fixed_heap;

import dev.attache.config.overload.ResourceMonitor;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Memory in use, as a share of a limit: the heap, and the direct memory of buffers in use.
 *
 * <p>What is in use on a heap includes what nobody needs any more and the collector has not yet
 * looked at. So a pressure that may matter is only believed after a collection: one is asked for
 * when the figure has come to {@link #DOUBTFUL}, again when it has grown since then, and now and
 * then while it stays there, for what was in use may have become garbage. In between the figure is
 * what the last collection left and what has been added since.
 */
final class FixedHeapMonitor implements ResourceMonitor {

    private static final double DOUBTFUL = 0.7;

    /** Of the limit. */
    private static final double GROWTH = 0.02;

    private static final long AFTER_GROWTH_NANOS = 5_000_000_000L;
    private static final long ANYWAY_NANOS = 30_000_000_000L;

    private final long limit;
    private final LongSupplier heap;
    private final LongSupplier direct;
    private final LongSupplier clock;
    private final Runnable collector;
    private boolean collected;
    private long collectedAt;
    private long live;

    FixedHeapMonitor(long limit) {
        this(
                limit,
                usedHeap(),
                PooledByteBufAllocator.DEFAULT::pinnedDirectMemory,
                System::nanoTime,
                System::gc);
    }

    /**
     * @param heap bytes in use, garbage included
     * @param direct bytes of buffers in use
     * @param clock monotonic nanoseconds
     * @param collector makes {@code heap} tell what is needed
     */
    FixedHeapMonitor(
            long limit,
            LongSupplier heap,
            LongSupplier direct,
            LongSupplier clock,
            Runnable collector) {
        this.limit = limit;
        this.heap = heap;
        this.direct = direct;
        this.clock = clock;
        this.collector = collector;
    }

    /** Without eden, whose content is garbage but for what its next collection moves elsewhere. */
    private static LongSupplier usedHeap() {
        List<MemoryPoolMXBean> pools =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .filter(pool -> !pool.getName().contains("Eden"))
                        .toList();
        return () -> pools.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    @Override
    public double pressure() {
        long used = heap.getAsLong();
        if (doubtful(used)) {
            collector.run();
            collected = true;
            collectedAt = clock.getAsLong();
            used = heap.getAsLong();
            live = used;
        }
        return share(used);
    }

    private double share(long used) {
        return (double) (used + direct.getAsLong()) / limit;
    }

    private boolean doubtful(long used) {
        if (share(used) < DOUBTFUL) {
            return false;
        }
        if (!collected) {
            return true;
        }
        long since = clock.getAsLong() - collectedAt;
        return since >= ANYWAY_NANOS || since >= AFTER_GROWTH_NANOS && used - live > limit * GROWTH;
    }
}
