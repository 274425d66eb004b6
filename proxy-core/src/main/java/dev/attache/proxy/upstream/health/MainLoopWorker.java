package dev.attache.proxy.upstream.health;

import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.Timers;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.SplittableRandom;

/** The main thread's loop as the worker that connections of health checks need. */
public final class MainLoopWorker implements WorkerContext {

    private final EventLoop loop;
    private final int index;
    private final TimerWheel timers;
    private final SplittableRandom random = new SplittableRandom();

    /**
     * @param index of stat cells that no worker writes
     */
    public MainLoopWorker(EventLoop loop, int index) {
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
    public long random() {
        return random.nextLong();
    }
}
