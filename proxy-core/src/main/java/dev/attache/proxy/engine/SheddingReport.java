package dev.attache.proxy.engine;

import dev.attache.proxy.memory.ShedListener;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.StatsStore;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of one worker what it gave up for want of memory: counters, and a log line every ten seconds
 * at most. The server lists the counters from its first moment on. Loop-confined.
 */
final class SheddingReport implements ShedListener {

    private static final Logger LOG = LoggerFactory.getLogger("main");
    private static final long PAUSE_NANOS = 10_000_000_000L;
    private static final String RESET_COUNT =
            "overload.envoy.overload_actions.reset_high_memory_stream.count";

    private final StatsStore stats;
    private final int worker;
    private long holders;
    private long bytes;
    private long lastLine = System.nanoTime() - PAUSE_NANOS;
    private long lastFailure = lastLine;

    SheddingReport(StatsStore stats, int worker) {
        this.stats = stats;
        this.worker = worker;
    }

    @Override
    public void shed(Resource resource, int ended, long held, long budget) {
        String name = resource.name().toLowerCase(Locale.ROOT);
        count(RESET_COUNT, ended);
        count("overload.worker_" + name + ".shed_count", ended);
        holders += ended;
        bytes += held;
        long now = System.nanoTime();
        if (now - lastLine < PAUSE_NANOS) {
            return;
        }
        lastLine = now;
        LOG.warn(
                "worker {} is short of {} memory: more than its {} KiB were held for peers;"
                        + " {} connections and streams that held most ({} KiB) were reset",
                worker,
                name,
                budget / 1024,
                holders,
                bytes / 1024);
        holders = 0;
        bytes = 0;
    }

    @Override
    public void noDirectMemory() {
        count("overload.worker_direct.allocation_failed", 1);
        long now = System.nanoTime();
        if (now - lastFailure >= PAUSE_NANOS) {
            lastFailure = now;
            LOG.warn(
                    "worker {} got no direct memory for a buffer; its connection is closed",
                    worker);
        }
    }

    private void count(String name, int ended) {
        Counter counter = stats.counter(name);
        counter.add(ended);
    }
}
