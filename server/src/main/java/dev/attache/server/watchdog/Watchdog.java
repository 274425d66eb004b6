package dev.attache.server.watchdog;

import dev.attache.config.bootstrap.WatchdogSettings;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.LoopPulse;
import dev.attache.server.lifecycle.ProcessExit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The thread that looks at the loops of main thread and workers, and what it found. A process that
 * stood still as a whole (stopped, starved, collecting) is no miss of any one thread: only time in
 * which this thread could run counts. Started once the server is; any thread.
 */
public final class Watchdog implements AutoCloseable {

    private final GuardDog main;
    private final GuardDog workers;
    private final long intervalNanos;
    private final Thread thread;
    private long lastLook;
    private long awake;
    private volatile boolean closed;

    /**
     * @param main of the main thread
     * @param workers of the workers, in order
     * @param ending ends the process where a kill timeout is over
     */
    public Watchdog(
            WatchdogSettings settings,
            LoopPulse main,
            List<LoopPulse> workers,
            StatsStore stats,
            ProcessExit.Ending ending) {
        this.main =
                new GuardDog(
                        "main_thread",
                        settings.main(),
                        List.of("main_thread"),
                        List.of(main),
                        stats,
                        ending);
        List<String> names =
                IntStream.range(0, workers.size()).mapToObj(i -> "worker_" + i).toList();
        this.workers = new GuardDog("workers", settings.workers(), names, workers, stats, ending);
        this.intervalNanos =
                TimeUnit.MILLISECONDS.toNanos(
                        Math.min(this.main.intervalMillis(), this.workers.intervalMillis()));
        this.thread = Thread.ofPlatform().daemon().name("guarddog").unstarted(this::run);
    }

    /** Begins to look. */
    public void start() {
        lastLook = System.nanoTime();
        thread.start();
    }

    /** Whether every worker comes round: false while one stands still for a very long time. */
    public boolean workersTurn() {
        return !workers.standsStill();
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, intervalNanos);
            look(System.nanoTime());
        }
    }

    /** One look; tests bring a clock of their own. */
    void look(long now) {
        awake += Math.min(now - lastLook, 2 * intervalNanos);
        lastLook = now;
        main.look(awake);
        workers.look(awake);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
