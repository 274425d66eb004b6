package dev.attache.proxy.engine;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the workers of an engine end: connections first, whose ends are logged and traced; what
 * loggers and tracers then send goes out as calls, for which the clusters stay a little longer;
 * then those. Of the thread that closes the engine.
 */
final class WorkersEnd {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    /** What log entries and spans have to go out when all else has ended. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(1);

    /** What peers have to take of what was written to them. */
    private static final Duration LAST_BYTES = Duration.ofMillis(500);

    /**
     * How many turns of its loop a connection takes from its close until those have begun their
     * last calls who let go of something then: the channel says that it is closed, is inactive, and
     * has been let go of.
     */
    private static final int TURNS = 3;

    private final List<EngineWorker> workers;
    private final Queue<Runnable> releases = new ConcurrentLinkedQueue<>();

    WorkersEnd(List<EngineWorker> workers) {
        this.workers = workers;
    }

    /** Runs {@code release} when connections have ended, before the last calls. Any thread. */
    void first(Runnable release) {
        releases.add(release);
    }

    void run() {
        onAll(EngineWorker::leave);
        awaitConnections();
        for (Runnable release = releases.poll(); release != null; release = releases.poll()) {
            release.run();
        }
        takeTurns();
        awaitLastCalls();
        onAll(EngineWorker::close);
    }

    /** Has every worker do {@code task} on its loop; waits for them. */
    private void onAll(Consumer<EngineWorker> task) {
        List<Future<?>> running = new ArrayList<>(workers.size());
        for (EngineWorker worker : workers) {
            try {
                running.add(worker.eventLoop().submit(() -> task.accept(worker)));
            } catch (RejectedExecutionException e) {
                LOG.warn("worker {} has ended before: what it held is not closed", worker.index());
            }
        }
        running.forEach(Future::awaitUninterruptibly);
    }

    /** Until every connection has ended, or those that are left are too slow. */
    private void awaitConnections() {
        long limit = System.nanoTime() + LAST_BYTES.toNanos();
        takeTurns();
        while (connections() > 0 && System.nanoTime() - limit < 0) {
            LockSupport.parkNanos(LAST_BYTES.toNanos() / 100);
            takeTurns();
        }
    }

    private int connections() {
        return workers.stream().mapToInt(worker -> worker.listeners().connections()).sum();
    }

    private void takeTurns() {
        for (int turn = 0; turn < TURNS; turn++) {
            onAll(worker -> {});
        }
    }

    /** Until what was sent is answered, or the time is over. */
    private void awaitLastCalls() {
        Queue<CompletableFuture<Void>> idle = new ConcurrentLinkedQueue<>();
        onAll(worker -> {
            CompletableFuture<Void> done = new CompletableFuture<>();
            idle.add(done);
            worker.finish(done);
        });
        try {
            CompletableFuture.allOf(idle.toArray(CompletableFuture[]::new))
                    .get(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn(
                    "log entries, spans or statistics are not answered {} ms after the last"
                            + " connection: they may be lost",
                    LAST_CALLS.toMillis());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
