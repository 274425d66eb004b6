package dev.attache.proxy.connection;

import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.Timers;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.concurrent.ThreadLocalRandom;

/** A worker of one real loop, for tests on sockets. */
public final class LoopWorker implements WorkerContext {

    private final WorkerMemory memory = new WorkerMemory(MemoryBudget.UNLIMITED);
    private final WorkerOverload overload = new WorkerOverload(0, this::random);
    private final EventLoop loop;
    private final TimerWheel timers;

    public LoopWorker(EventLoop loop) {
        this.loop = loop;
        this.timers = new TimerWheel(loop, System::nanoTime);
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
    public Timers timers() {
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
        return ByteBufAllocator.DEFAULT;
    }

    @Override
    public long random() {
        return ThreadLocalRandom.current().nextLong();
    }
}
