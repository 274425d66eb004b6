package dev.attache.server.source;

import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.Timers;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets transport sockets of clusters run on the network threads of the config plane, as if these
 * were workers. Any thread.
 */
final class TransportWorkers {

    private final int index;
    private final Map<EventLoop, WorkerContext> contexts = new ConcurrentHashMap<>();

    TransportWorkers(int index) {
        this.index = index;
    }

    WorkerContext of(EventLoop loop) {
        return contexts.computeIfAbsent(loop, l -> new Context(index, l));
    }

    private static final class Context implements WorkerContext {
        private final int index;
        private final EventLoop loop;
        private final TimerWheel timers;
        private final SplittableRandom random = new SplittableRandom();

        Context(int index, EventLoop loop) {
            this.index = index;
            this.loop = loop;
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
}
