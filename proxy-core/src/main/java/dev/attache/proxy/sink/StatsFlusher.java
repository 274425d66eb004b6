package dev.attache.proxy.sink;

import dev.attache.proxy.stats.SampleListener;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that takes pictures of the statistics and shows them to the sinks, so that the main
 * loop does not stand still for ten thousand clusters. There where sinks are. Any thread asks.
 */
public final class StatsFlusher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("stats");

    /** What the last flush may take. */
    private static final long CLOSE_LIMIT_MILLIS = 500;

    private final StatsStore store;
    private final List<StatsSink> sinks;
    private final LongSupplier clock;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean wanted;
    private volatile boolean running;
    private volatile boolean closing;

    /** Of the thread. */
    private long previousMillis;

    /**
     * @param clock milliseconds since 1970
     */
    public StatsFlusher(StatsStore store, List<StatsSink> sinks, LongSupplier clock) {
        this.store = store;
        this.sinks = List.copyOf(sinks);
        this.clock = clock;
        this.previousMillis = clock.getAsLong();
        store.samples(samples(this.sinks));
        this.thread = Thread.ofPlatform().daemon().name("stats-flush").unstarted(this::run);
        thread.start();
    }

    private static SampleListener samples(List<StatsSink> sinks) {
        List<SampleListener> listeners = new ArrayList<>();
        for (StatsSink sink : sinks) {
            SampleListener listener = sink.samples();
            if (listener != null) {
                listeners.add(listener);
            }
        }
        if (listeners.isEmpty()) {
            return SampleListener.NOBODY;
        }
        if (listeners.size() == 1) {
            return listeners.getFirst();
        }
        return (histogram, value) -> {
            for (SampleListener listener : listeners) {
                listener.onSample(histogram, value);
            }
        };
    }

    /** Has a flush made soon; one that is still waited for is this one, too. */
    public void flush() {
        wanted = true;
        LockSupport.unpark(thread);
    }

    /** Whether a flush that was asked for is not over. */
    public boolean isBusy() {
        return (wanted || running) && ended.getCount() > 0;
    }

    private void run() {
        try {
            while (!closing) {
                if (wanted) {
                    running = true;
                    wanted = false;
                    try {
                        flushNow();
                    } finally {
                        running = false;
                    }
                } else {
                    LockSupport.park(this);
                }
            }
            // Else the last interval would be told twice.
            store.flushIntervals();
            flushNow();
        } finally {
            ended.countDown();
        }
    }

    private void flushNow() {
        StatsSnapshot snapshot = snapshot();
        if (snapshot == null) {
            return;
        }
        for (StatsSink sink : sinks) {
            try {
                sink.flush(snapshot);
            } catch (Throwable e) {
                Faults.contain(e);
                LOG.error("a stats sink failed: {}", sink.getClass().getName(), e);
            }
        }
    }

    /** Null where that fails, which costs this flush. */
    private @Nullable StatsSnapshot snapshot() {
        try {
            long now = clock.getAsLong();
            StatsSnapshot taken = StatsSnapshot.of(store, now, previousMillis);
            previousMillis = now;
            return taken;
        } catch (Throwable e) {
            Faults.contain(e);
            LOG.error("the statistics cannot be shown to the sinks this time", e);
            return null;
        }
    }

    /** Flushes a last time, and closes the sinks. */
    @Override
    public void close() {
        store.samples(SampleListener.NOBODY);
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!ended.await(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the last flush of the stats sinks is not over: it is given up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sinks.forEach(StatsSink::close);
    }
}
