package dev.attache.server.source;

import dev.attache.proxy.worker.EventLoopWorker;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.EventLoop;
import java.util.Map;
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

    int index() {
        return index;
    }

    WorkerContext of(EventLoop loop) {
        return contexts.computeIfAbsent(loop, l -> new EventLoopWorker(l, index));
    }
}
