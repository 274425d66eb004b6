package dev.attache.proxy.upstream;

import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;

/** A worker on the test's own thread, whose clock only the test moves. */
public final class FakeWorker implements WorkerContext {
    private final WorkerOverload overload = new WorkerOverload(0, this::random);

    private final WorkerMemory memory = new WorkerMemory(MemoryBudget.UNLIMITED);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final TimerWheel timers;
    private long nanos;
    private long random = 42;

    public FakeWorker() {
        channel.freezeTime();
        timers = new TimerWheel(channel.eventLoop(), () -> nanos);
    }

    public void advance(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        timers.advance();
        run();
    }

    public void run() {
        channel.runPendingTasks();
    }

    @Override
    public WorkerOverload overload() {
        return overload;
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public TimerWheel timers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public WorkerMemory memory() {
        return memory;
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    /** SplitMix64. */
    @Override
    public long random() {
        random += 0x9E3779B97F4A7C15L;
        long z = random;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
