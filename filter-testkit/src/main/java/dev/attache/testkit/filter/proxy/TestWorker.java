package dev.attache.testkit.filter.proxy;

import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.Timers;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A worker whose loop runs on the test's thread when the test says so, and whose time stands still
 * until the test moves it. Other threads reach it as they reach any worker, by its loop.
 */
public final class TestWorker implements WorkerContext {

    private static final int TURNS = 100_000;

    private final WorkerOverload overload = new WorkerOverload(0, this::random);
    private final WorkerMemory memory = new WorkerMemory(MemoryBudget.UNLIMITED);
    private final TrackingAllocator allocator = new TrackingAllocator();
    private final MockTicker ticker = startingNow();
    private final ManualIoEventLoop loop =
            new ManualIoEventLoop(
                    null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker);
    private final TimerWheel wheel = new TimerWheel(loop, ticker::nanoTime);
    private final ExactTimers timers = new ExactTimers();
    private boolean healthCheckFailed;
    private long random;

    public TestWorker(long seed) {
        random = seed;
    }

    /** What was compiled has looked at the real clock: time stands still from there on. */
    private static MockTicker startingNow() {
        MockTicker ticker = Ticker.newMockTicker();
        ticker.advance(Math.max(0, System.nanoTime()), TimeUnit.NANOSECONDS);
        return ticker;
    }

    /** Runs what is due until there is nothing more. */
    public void settle() {
        int turns = 0;
        while (loop.runNow() > 0) {
            if (++turns > TURNS) {
                throw new AssertionError("the loop does not come to rest: a task runs for ever");
            }
        }
    }

    /** Moves the clock, millisecond by millisecond while timers wait: each fires at its time. */
    public void advance(long millis) {
        for (long left = millis; left > 0; ) {
            long step = timers.pending() > 0 ? 1 : left;
            ticker.advanceMillis(step);
            left -= step;
            wheel.advance();
            settle();
        }
    }

    /** The loop ends. */
    public void close() {
        Future<?> ended = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        for (int turns = 0; !ended.isDone(); turns++) {
            if (turns > TURNS) {
                throw new AssertionError("the loop does not end");
            }
            ticker.advanceMillis(1);
            // Its first turn would sleep a tenth of a second by the real clock, however short the
            // quiet time is; an interrupt ends that.
            Thread.currentThread().interrupt();
            try {
                loop.runNow();
            } finally {
                Thread.interrupted();
            }
        }
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public void inNextTurn(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        return ticker.nanoTime();
    }

    @Override
    public TrackingAllocator allocator() {
        return allocator;
    }

    @Override
    public WorkerMemory memory() {
        return memory;
    }

    /** SplitMix64: the same numbers in each run of a test. */
    @Override
    public long random() {
        random += 0x9E3779B97F4A7C15L;
        long z = random;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public WorkerOverload overload() {
        return overload;
    }

    @Override
    public boolean healthCheckFailed() {
        return healthCheckFailed;
    }

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    public void healthCheckFailed(boolean failed) {
        healthCheckFailed = failed;
    }

    /** The wheel adds a tick, since one may have passed in part; here none ever has. */
    private final class ExactTimers implements Timers {

        @Override
        public void schedule(Timer timer, long millis) {
            wheel.schedule(timer, millis - 1);
        }

        @Override
        public int pending() {
            return wheel.pending();
        }
    }
}
