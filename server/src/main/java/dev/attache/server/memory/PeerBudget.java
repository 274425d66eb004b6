package dev.attache.server.memory;

import dev.attache.proxy.memory.MemoryBudget;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.function.LongSupplier;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/**
 * Sizes what the workers may hold for peers by what the heap has left for it: the largest heap,
 * less what a full collection leaves when peers' part is taken off (the configuration, the classes'
 * data), and of that only a part, since collecting needs room. It is sized anew after every full
 * collection, so that what no account knows of counts, too. Direct memory serves peers alone; a
 * part of the largest size is theirs, as pooled buffers come in chunks.
 */
public final class PeerBudget implements AutoCloseable {

    /** Of what is left of the heap, in percent: the rest is for garbage and for copying. */
    private static final int HEAP_PERCENT = 60;

    private static final int DIRECT_PERCENT = 50;

    /** However much a configuration takes, peers get this part of the heap. */
    private static final int LEAST_PART = 32;

    private final MemoryBudget budget;
    private final int workers;
    private final LongSupplier held;
    private final NotificationListener listener = (notification, about) -> resize(live());

    private PeerBudget(MemoryBudget budget, int workers, LongSupplier held) {
        this.budget = budget;
        this.workers = workers;
        this.held = held;
    }

    /** A budget for {@code workers} as far as it can be told before anything has been collected. */
    public static MemoryBudget initial(int workers) {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return new MemoryBudget(
                heapOf(runtime.maxMemory(), used, workers),
                largestDirect() / 100 * DIRECT_PERCENT / workers);
    }

    /** How much direct memory there may be, in bytes: {@code -XX:MaxDirectMemorySize}. */
    public static long largestDirect() {
        return PlatformDependent.maxDirectMemory();
    }

    /**
     * Keeps {@code budget} up to date from now on.
     *
     * @param held what all workers hold for peers, in bytes of heap
     */
    public static PeerBudget follow(MemoryBudget budget, int workers, LongSupplier held) {
        PeerBudget follower = new PeerBudget(budget, workers, held);
        for (GarbageCollectorMXBean collector : fullCollectors()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(follower.listener, null, null);
        }
        return follower;
    }

    /** Those that collect every pool, and not the young one alone. */
    private static Iterable<GarbageCollectorMXBean> fullCollectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .filter(NotificationEmitter.class::isInstance)
                        .filter(collector -> collector.getMemoryPoolNames().length >= heapPools())
                ::iterator;
    }

    private static long heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .count();
    }

    /** Bytes that the last collection of each pool has left. */
    private static long live() {
        long live = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage left = pool.getCollectionUsage();
            if (pool.getType() == MemoryType.HEAP && left != null) {
                live += left.getUsed();
            }
        }
        return live;
    }

    private void resize(long live) {
        long own = Math.max(0, live - held.getAsLong());
        budget.heap(heapOf(Runtime.getRuntime().maxMemory(), own, workers));
    }

    /**
     * Bytes of heap that one of {@code workers} may hold.
     *
     * @param own what the process needs for itself
     */
    static long heapOf(long largest, long own, int workers) {
        long left = (largest - own) / 100 * HEAP_PERCENT;
        return Math.max(left, largest / LEAST_PART) / workers;
    }

    @Override
    public void close() {
        for (GarbageCollectorMXBean collector : fullCollectors()) {
            try {
                ((NotificationEmitter) collector).removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                throw new IllegalStateException("closed twice", e);
            }
        }
    }
}
