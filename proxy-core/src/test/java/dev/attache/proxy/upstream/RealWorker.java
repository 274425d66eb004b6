package dev.attache.proxy.upstream;

import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A worker over one real event loop; tests act on it from outside through {@link #call}. */
final class RealWorker implements WorkerContext, AutoCloseable {
    private final WorkerOverload overload = new WorkerOverload(0, this::random);

    private final WorkerMemory memory = new WorkerMemory(MemoryBudget.UNLIMITED);

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final TimerWheel timers = new TimerWheel(loop, System::nanoTime);

    /** Runs on the loop and waits. */
    <T> T call(Callable<T> action) throws Exception {
        return loop.submit(action).get(10, TimeUnit.SECONDS);
    }

    /** Waits until {@code condition} holds on the loop. */
    void await(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!call(condition::getAsBoolean)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws Exception {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
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
        return loop;
    }

    @Override
    public TimerWheel timers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public WorkerMemory memory() {
        return memory;
    }

    @Override
    public ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public long random() {
        return ThreadLocalRandom.current().nextLong();
    }
}
