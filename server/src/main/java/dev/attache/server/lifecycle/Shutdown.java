package dev.attache.server.lifecycle;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.server.log.Critical;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from a signal to the end: lets what runs finish where {@code --shutdown-drain-s} gives it
 * time, closes the server, and ends the process without that where it takes too long. Any thread.
 */
public final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    /** What closing may take before the process is ended without it. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 20;

    /** Nobody is connected any more, rather than not at this moment. */
    private static final long QUIET_MILLIS = 1_000;

    private final Supplier<Engine> engine;
    private final Runnable close;
    private final Lifecycle lifecycle;
    private final DrainControl drain;
    private final ProcessExit.Ending ending;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param engine asked when draining begins
     * @param close closes all of the server, and says so by {@link #closed}
     */
    public Shutdown(
            Supplier<Engine> engine,
            Runnable close,
            Lifecycle lifecycle,
            DrainControl drain,
            ProcessExit.Ending ending) {
        this.engine = engine;
        this.close = close;
        this.lifecycle = lifecycle;
        this.drain = drain;
        this.ending = ending;
    }

    /**
     * Begins on threads of its own.
     *
     * @param code of the exit that is not orderly
     * @param drainLimit zero: does not wait for what runs
     */
    public void begin(int code, Duration drainLimit) {
        try {
            Thread closer =
                    Thread.ofPlatform()
                            .name("shutdown")
                            .start(() -> {
                                drain(drainLimit);
                                close.run();
                            });
            Thread.ofPlatform()
                    .daemon()
                    .name("shutdown-deadline")
                    .start(() -> endUnlessClosed(closer, code, drainLimit));
        } catch (OutOfMemoryError e) {
            LOG.error(Critical.MARKER, "no thread can be had to close the server; it ends at once");
            ending.end(code);
        }
    }

    /** Everything has ended. */
    public void closed() {
        closed.countDown();
    }

    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    private void endUnlessClosed(Thread closer, int code, Duration drainLimit) {
        Duration limit = CLOSE_LIMIT.plus(drainLimit);
        try {
            if (closed.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.error(
                Critical.MARKER,
                "closing takes more than {} s and is given up; the process ends (code {}). It"
                        + " waits at {}",
                limit.toSeconds(),
                code,
                List.of(closer.getStackTrace()));
        ending.end(code);
    }

    /**
     * Readiness fails first, clients are asked to leave, listeners go on for half the time: whoever
     * balances the load has to notice. Over when nobody has been connected for a second, or the
     * time is.
     */
    private void drain(Duration limit) {
        if (limit.isZero() || lifecycle.state() == ServerState.INITIALIZING) {
            return;
        }
        Engine engine = this.engine.get();
        LOG.info(
                "draining for {} s at most: {} connections are asked to leave",
                limit.toSeconds(),
                engine.connections());
        drain.shutDown(limit.toMillis() / 2);
        engine.startShutdown();
        long start = System.nanoTime();
        long quietSince = start;
        boolean accepting = true;
        long quiet = Math.min(QUIET_MILLIS, limit.toMillis() / 4);
        while (millis(start) < limit.toMillis() && millis(quietSince) < quiet) {
            if (accepting && millis(start) > limit.toMillis() / 2) {
                accepting = false;
                LOG.info("half of the time to drain is over: listeners accept no more");
                engine.stopListeners(false);
            }
            pause();
            quietSince = engine.connections() == 0 ? quietSince : System.nanoTime();
        }
        LOG.info("drained for {} ms; {} connections are cut", millis(start), engine.connections());
    }

    private static long millis(long since) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
