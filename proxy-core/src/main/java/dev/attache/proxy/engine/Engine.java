package dev.attache.proxy.engine;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.engine.PublishResult.ListenerFailure;
import dev.attache.proxy.listener.ListenSockets;
import dev.attache.proxy.listener.ListenerSpec;
import dev.attache.proxy.listener.OpenListener;
import dev.attache.proxy.listener.WorkerListeners;
import dev.attache.proxy.overload.OverloadState;
import dev.attache.proxy.overload.ShedTally;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The data plane: N workers, each with its loop, and the way a published configuration reaches
 * them. Called from the publishing thread (never from a worker); one publication at a time.
 *
 * <p>A publication opens and binds what is new, lets every worker adopt it on its own loop, then
 * closes what is gone. What cannot be opened or bound is reported and leaves the rest alone.
 */
public final class Engine implements AutoCloseable {

    private final EngineOptions options;
    private final MultiThreadIoEventLoopGroup group;
    private final List<EngineWorker> workers;
    private final Map<String, LiveListener> live = new HashMap<>();
    private ProxySnapshot snapshot = ProxySnapshot.EMPTY;
    private boolean accepting = true;
    private boolean closed;

    /** Starts the threads: epoll where it can be had, NIO elsewhere. */
    public Engine(EngineOptions options) {
        this.options = options;
        IoHandlerFactory io =
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group =
                new MultiThreadIoEventLoopGroup(
                        options.concurrency(), new DefaultThreadFactory("wrk:worker"), io);
        this.workers = new ArrayList<>(options.concurrency());
        for (int i = 0; i < options.concurrency(); i++) {
            workers.add(new EngineWorker(i, group.next(), options));
        }
    }

    public EngineOptions options() {
        return options;
    }

    /** The workers, in order of their index. */
    public List<WorkerContext> workers() {
        return List.copyOf(workers);
    }

    /**
     * Puts {@code next} to work and returns when every worker has adopted it.
     *
     * @return what could not be put to work; such listeners keep their previous version
     */
    public synchronized PublishResult publish(ProxySnapshot next) {
        requireOpen();
        List<ListenerFailure> failures = new ArrayList<>();
        List<Runnable> afterwards = new ArrayList<>();
        Map<String, LiveListener> target = new HashMap<>();
        next.listeners()
                .forEach((name, spec) -> {
                    LiveListener prepared = prepare(spec, live.get(name), failures, afterwards);
                    if (prepared != null) {
                        target.put(name, prepared);
                    }
                });
        live.forEach((name, old) -> {
            if (!target.containsKey(name)) {
                // A removed listener refuses from now on; its connections drain.
                old.sockets().close();
                afterwards.add(old.open()::close);
            }
        });
        List<OpenListener> open = target.values().stream().map(LiveListener::open).toList();
        onEveryWorker(worker -> worker.adopt(next, open));
        live.clear();
        live.putAll(target);
        snapshot = next;
        if (accepting) {
            live.values().forEach(listener -> listener.sockets().accept());
        }
        afterwards.forEach(Runnable::run);
        return new PublishResult(failures);
    }

    /**
     * Takes a new arrangement of a cluster's hosts to every worker; returns at once. Workers adopt
     * it in the order of publication, snapshots included.
     */
    public void publishHosts(SharedCluster cluster, HostSet hosts) {
        for (EngineWorker worker : workers) {
            worker.eventLoop().execute(() -> worker.hosts(cluster, hosts));
        }
    }

    /** Tells every worker what overload asks of it; returns at once. */
    public void publishOverload(OverloadState state, ShedTally tally) {
        for (EngineWorker worker : workers) {
            worker.eventLoop().execute(() -> worker.overload().adopt(state, tally));
        }
    }

    /**
     * Opens and binds what is new of {@code spec}; on failure the old version, which may be none.
     */
    private @Nullable LiveListener prepare(
            ListenerSpec spec,
            @Nullable LiveListener old,
            List<ListenerFailure> failures,
            List<Runnable> afterwards) {
        if (old != null && old.spec() == spec) {
            return old;
        }
        OpenListener open;
        try {
            OpenListener before =
                    old != null && old.spec().becomesInPlace(spec) ? old.open() : null;
            open = OpenListener.open(spec, options.stats(), before);
        } catch (IllegalArgumentException e) {
            failures.add(new ListenerFailure(spec.name(), String.valueOf(e.getMessage())));
            return old;
        }
        ListenSockets sockets;
        if (old != null && ListenSockets.interchangeable(old.spec(), spec)) {
            sockets = old.sockets();
        } else {
            try {
                sockets = ListenSockets.bind(spec, listeners());
            } catch (IOException e) {
                open.close();
                failures.add(new ListenerFailure(spec.name(), String.valueOf(e.getMessage())));
                return old;
            }
            if (old != null) {
                afterwards.add(old.sockets()::close);
            }
        }
        if (old != null) {
            afterwards.add(old.open()::close);
        }
        return new LiveListener(spec, open, sockets);
    }

    private List<WorkerListeners> listeners() {
        return workers.stream().map(EngineWorker::listeners).toList();
    }

    /** Runs {@code action} on each worker's loop and waits for all. */
    private void onEveryWorker(Consumer<EngineWorker> action) {
        List<Future<?>> running = new ArrayList<>(workers.size());
        for (EngineWorker worker : workers) {
            EventLoop loop = worker.eventLoop();
            if (loop.inEventLoop()) {
                throw new IllegalStateException("called from a worker's thread");
            }
            running.add(loop.submit(() -> action.accept(worker)));
        }
        RuntimeException failed = null;
        for (Future<?> future : running) {
            future.awaitUninterruptibly();
            if (!future.isSuccess()) {
                IllegalStateException wrapped =
                        new IllegalStateException(
                                "a worker failed to adopt the configuration", future.cause());
                if (failed == null) {
                    failed = wrapped;
                } else {
                    failed.addSuppressed(wrapped);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private int sum(ToIntFunction<EngineWorker> number) {
        List<Future<Integer>> running =
                workers.stream()
                        .map(w -> w.eventLoop().submit(() -> number.applyAsInt(w)))
                        .toList();
        return running.stream().mapToInt(future -> future.awaitUninterruptibly().getNow()).sum();
    }

    /** The snapshot published last. */
    public synchronized ProxySnapshot snapshot() {
        return snapshot;
    }

    /** Addresses as bound, by listener: {@code /listeners}. */
    public synchronized Map<String, List<Address>> boundAddresses() {
        Map<String, List<Address>> bound = new HashMap<>();
        live.forEach((name, listener) -> bound.put(name, listener.sockets().bound()));
        return bound;
    }

    /** Connections accepted and not closed, draining ones included. */
    public int connections() {
        return sum(worker -> worker.listeners().connections());
    }

    /** {@code total_filter_chains_draining}, as the sum over workers. */
    public int drainingChains() {
        return sum(worker -> worker.listeners().drainingChains());
    }

    /** Pending timers of all workers: tests assert that they go. */
    public int pendingTimers() {
        return sum(worker -> worker.timers().pending());
    }

    /** {@code /drain_listeners?graceful}: clients are asked to leave; new ones are still served. */
    public void startDrainSequence(boolean inboundOnly) {
        onEveryWorker(worker -> worker.listeners().startDrainSequence(inboundOnly));
    }

    /** {@code /drain_listeners}: stops accepting at once; connections go on. */
    public synchronized void stopListeners(boolean inboundOnly) {
        live.values().stream()
                .filter(listener ->
                        !inboundOnly
                                || listener.spec().trafficDirection()
                                        == dev.attache.proxy.network.TrafficDirection.INBOUND)
                .forEach(listener -> listener.sockets().close());
    }

    /** Overload's {@code stop_accepting_connections}: the kernel's backlog fills meanwhile. */
    public synchronized void accepting(boolean enabled) {
        accepting = enabled;
        live.values()
                .forEach(listener -> {
                    if (enabled) {
                        listener.sockets().accept();
                    } else {
                        listener.sockets().pause();
                    }
                });
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
    }

    /** Closes sockets and connections at once and ends the threads. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        live.values().forEach(listener -> listener.sockets().close());
        onEveryWorker(EngineWorker::close);
        live.values().forEach(listener -> listener.open().close());
        live.clear();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
