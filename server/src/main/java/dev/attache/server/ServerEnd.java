package dev.attache.server;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.server.lifecycle.Lifecycle;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.lifecycle.Shutdown;
import dev.attache.server.log.Critical;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways in which a server comes to its end, and whether it has begun to. Any thread. */
final class ServerEnd {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final Lifecycle lifecycle;
    private final Runnable close;
    private final ProcessExit.Ending ending;
    private final Shutdown shutdown;
    private final AtomicBoolean closing = new AtomicBoolean();

    /**
     * @param engine asked when draining begins
     * @param close closes all of the server
     * @param ending ends the process; null: the server is one among others in a JVM, which goes on
     */
    ServerEnd(
            Lifecycle lifecycle,
            DrainControl drain,
            Supplier<Engine> engine,
            Runnable close,
            ProcessExit.@Nullable Ending ending) {
        this.lifecycle = lifecycle;
        this.close = close;
        this.ending = ending == null ? this::endEmbedded : ending;
        this.shutdown = new Shutdown(engine, close, lifecycle, drain, this.ending);
    }

    /** Ends the process, or the server in it. */
    ProcessExit.Ending ending() {
        return ending;
    }

    /** As {@link Shutdown#begin}. */
    void begin(int code, Duration drainLimit) {
        shutdown.begin(code, drainLimit);
    }

    /** Whether closing has begun. */
    boolean isClosing() {
        return closing.get();
    }

    /** Closing begins; false where it has begun before. */
    boolean closing() {
        return closing.compareAndSet(false, true);
    }

    /** Everything has ended. */
    void closed() {
        shutdown.closed();
    }

    void awaitClosed() throws InterruptedException {
        shutdown.awaitClosed();
    }

    /** A thread has ended that the process cannot do without: serving on would be a lie. */
    void lost(Thread thread, @Nullable Throwable why) {
        if (closing.get()) {
            return;
        }
        String reason = "thread '%s' has ended: %s".formatted(thread.getName(), why);
        try {
            LOG.error(
                    Critical.MARKER,
                    "{}; nobody does its work any more, so the process ends (code {}). Start it"
                            + " again, and report this with the lines before it",
                    reason,
                    ProcessExit.LOST_THREAD,
                    why);
            lifecycle.failed(reason);
        } finally {
            ending.end(ProcessExit.LOST_THREAD);
        }
    }

    private void endEmbedded(int code) {
        LOG.error("this server ends; its process goes on (code {} otherwise)", code);
        Thread.ofPlatform().daemon().name("shutdown").start(close);
    }

    /** One part that cannot be closed does not keep the others from it. */
    static void step(String part, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("closing: {} did not close cleanly", part, e);
        }
    }
}
