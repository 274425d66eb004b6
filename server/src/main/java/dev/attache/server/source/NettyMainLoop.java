package dev.attache.server.source;

import dev.attache.xds.MainLoop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main loop of the process on a Netty loop, which DNS and timers of clusters use too. A task
 * that throws is logged and costs nothing but itself.
 */
public final class NettyMainLoop implements MainLoop {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final EventLoop loop;

    public NettyMainLoop(EventLoop loop) {
        this.loop = loop;
    }

    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("the main loop has ended, task dropped", e);
        }
    }

    /** An event loop does many tasks before it looks at sockets, but no timer set meanwhile. */
    @Override
    public void executeLast(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> future =
                loop.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("task on the main loop failed", e);
        }
    }
}
