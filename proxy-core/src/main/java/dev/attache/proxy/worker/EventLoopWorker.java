package dev.attache.proxy.worker;

import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.overload.WorkerOverload;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.SplittableRandom;

/**
 * A loop that is no worker of the engine, as the worker that connections on it need: health checks
 * on the main thread, streams to control planes.
 */
public final class EventLoopWorker implements WorkerContext {

    private final EventLoop loop;
    private final int index;
    private final TimerWheel timers;
    private final WorkerMemory memory = new WorkerMemory(MemoryBudget.UNLIMITED);
    private final SplittableRandom random = new SplittableRandom();
    private final WorkerOverload overload = WorkerOverload.quiet();

    /**
     * @param index of stat cells that no worker writes
     */
    public EventLoopWorker(EventLoop loop, int index) {
        this.loop = loop;
        this.index = index;
        this.timers = new TimerWheel(loop, System::nanoTime);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public WorkerMemory memory() {
        return memory;
    }

    @Override
    public long random() {
        return random.nextLong();
    }

    @Override
    public WorkerOverload overload() {
        return overload;
    }
}
