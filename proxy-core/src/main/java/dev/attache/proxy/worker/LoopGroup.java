package dev.attache.proxy.worker;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Event loops with their threads: epoll where it can be had, NIO elsewhere. Each tells by its
 * {@link LoopPulse} whether it turns, and a loop that ends by itself is reported: Netty logs the
 * error that ended it and leaves the sockets of that loop open, with nobody behind them.
 */
public final class LoopGroup extends MultiThreadIoEventLoopGroup {

    private final Watch watch;

    private LoopGroup(int loops, Watch watch) {
        super(loops, watch.threads, watch);
        this.watch = watch;
    }

    /**
     * Makes {@code loops} loops; a thread starts with the first task of its loop.
     *
     * @param name of the threads, which are numbered
     * @param daemon whether the JVM may end while they run
     */
    public static LoopGroup of(String name, int loops, boolean daemon, LostThread lost) {
        return new LoopGroup(loops, new Watch(name, daemon, lost));
    }

    /** The pulse of each loop, in order. */
    public List<LoopPulse> pulses() {
        return List.copyOf(watch.pulses);
    }

    /** Ends the loops on purpose. */
    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        watch.ending = true;
        return super.shutdownGracefully(quietPeriod, timeout, unit);
    }

    /** What a loop is made of: its thread and its I/O, both of them watched. */
    private static final class Watch implements IoHandlerFactory {

        private final IoHandlerFactory io =
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        private final List<LoopPulse> pulses = new CopyOnWriteArrayList<>();
        private final List<ThreadAwareExecutor> loops = new CopyOnWriteArrayList<>();
        private final DefaultThreadFactory threads;
        private final LostThread lost;
        private volatile boolean ending;

        Watch(String name, boolean daemon, LostThread lost) {
            this.lost = lost;
            this.threads =
                    new DefaultThreadFactory(name, daemon) {
                        @Override
                        protected Thread newThread(Runnable loop, String threadName) {
                            return super.newThread(() -> watched(loop), threadName);
                        }
                    };
        }

        @Override
        public IoHandler newHandler(ThreadAwareExecutor loop) {
            LoopPulse pulse = new LoopPulse();
            pulses.add(pulse);
            loops.add(loop);
            return new PulsedIoHandler(io.newHandler(loop), pulse);
        }

        private void watched(Runnable loop) {
            try {
                loop.run();
            } finally {
                if (!ending) {
                    Thread here = Thread.currentThread();
                    lost.lost(here, causeOf(here));
                }
            }
        }

        /** Netty keeps what ended a loop with the loop. */
        private @Nullable Throwable causeOf(Thread here) {
            for (int i = 0; i < pulses.size(); i++) {
                if (pulses.get(i).thread() == here && loops.get(i) instanceof EventExecutor loop) {
                    return loop.terminationFuture().cause();
                }
            }
            return null;
        }
    }
}
