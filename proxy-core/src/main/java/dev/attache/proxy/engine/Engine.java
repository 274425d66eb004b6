package dev.attache.proxy.engine;

import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.engine.PublishResult.ListenerFailure;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.listener.InheritedSockets;
import dev.attache.proxy.listener.OpenListener;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.OverloadEffects;
import dev.attache.proxy.overload.OverloadState;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.LoopGroup;
import dev.attache.proxy.worker.LoopPulse;
import dev.attache.proxy.worker.LostThread;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane: N workers, each with its loop, and the way a published configuration reaches
 * them. Nothing here waits for a worker but {@link #close} and what is said to: a worker that is
 * busy delays what is published, not who publishes. Called from the publishing thread, never from a
 * worker.
 *
 * <p>A publication opens and binds what is new, lets every worker open it beside what serves, then
 * adopt it, and closes what is gone. A listener that one worker cannot open is put to work on none:
 * what served goes on serving. Publications are adopted in their order, one at a time; of those
 * that wait for their turn only the newest is.
 */
public final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final EngineOptions options;
    private final LoopGroup group;
    private final List<EngineWorker> workers;
    private final EngineListeners listeners;
    private final Explaining explaining;
    private final WorkersEnd end;
    private ProxySnapshot snapshot = ProxySnapshot.EMPTY;
    private @Nullable Adoption running;
    private @Nullable Adoption queued;
    private boolean closed;

    /** Makes the workers; their threads start with what is published first. */
    public Engine(EngineOptions options) {
        this(options, LostThread.UNNOTICED);
    }

    /**
     * As above.
     *
     * @param lost told when a worker's thread ends by itself: its sockets accept no more
     */
    public Engine(EngineOptions options, LostThread lost) {
        this.options = options;
        this.group = LoopGroup.of("wrk:worker", options.concurrency(), false, lost);
        this.workers = new ArrayList<>(options.concurrency());
        this.explaining = new Explaining(options.concurrency());
        for (int i = 0; i < options.concurrency(); i++) {
            workers.add(new EngineWorker(i, group.next(), options, explaining));
        }
        this.end = new WorkersEnd(workers);
        this.listeners =
                new EngineListeners(
                        options.stats(), workers.stream().map(EngineWorker::listeners).toList());
    }

    public EngineOptions options() {
        return options;
    }

    /** The workers, in order of their index. */
    public List<WorkerContext> workers() {
        return List.copyOf(workers);
    }

    /**
     * Calls to clusters for other threads than the workers' (the main loop fetches keys so): the
     * first worker makes them, by what it has adopted of the clusters.
     */
    public CallGate calls() {
        EngineWorker first = workers.getFirst();
        return new CallGate(first.eventLoop(), first.calls());
    }

    /**
     * What logs find that are written by none of the workers' own: the first worker. What they hold
     * there they let go of when the engine closes.
     */
    public AccessLogScope logScope() {
        EngineWorker first = workers.getFirst();
        return new AccessLogScope() {
            @Override
            public WorkerContext worker() {
                return first;
            }

            @Override
            public ScopedCalls calls() {
                return first.calls();
            }

            @Override
            public StatsStore stats() {
                return options.stats();
            }

            @Override
            public void whenDrained(Runnable release) {
                end.first(release);
            }
        };
    }

    /** The pulses of the workers' loops, in the same order. Any thread. */
    public List<LoopPulse> pulses() {
        return group.pulses();
    }

    /**
     * What can be done before listeners are published that are new, or have changed, one piece for
     * each of those that are not open: opens and binds it. For a thousand that takes longer than
     * the publishing thread should be kept from others. What came of it the publication says that
     * brings the listener; one that does not closes it again.
     */
    public synchronized List<Runnable> openings(Collection<ListenerSpec> wanted) {
        if (closed) {
            return List.of();
        }
        return listeners.unopened(wanted).stream()
                .<Runnable>map(spec -> () -> openAhead(spec))
                .toList();
    }

    private synchronized void openAhead(ListenerSpec spec) {
        if (!closed) {
            listeners.openAhead(spec);
        }
    }

    /** Puts {@code next} to work: opens and binds it now, the workers adopt it when they can. */
    public synchronized Publication publish(ProxySnapshot next) {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        List<ListenerFailure> failures = new ArrayList<>();
        CompletableFuture<PublishResult> adopted = new CompletableFuture<>();
        Adoption adoption =
                new Adoption(next, listeners.prepare(next.listeners(), failures), adopted);
        snapshot = next;
        if (running == null) {
            begin(adoption);
        } else {
            if (queued != null) {
                adoption.supersede(queued);
            }
            queued = adoption;
        }
        return new Publication(new PublishResult(failures), adopted);
    }

    private void begin(Adoption adoption) {
        running = adoption;
        List<OpenListener> unopened =
                listeners.unadopted(adoption.target).stream().map(LiveListener::open).toList();
        if (unopened.isEmpty()) {
            adopt(adoption);
        } else {
            ask(worker -> worker.open(adoption.snapshot, unopened), all -> opened(adoption, all));
        }
    }

    /** Every worker has opened what it could: what one could not, none puts to work. */
    private synchronized void opened(Adoption adoption, List<Map<String, Throwable>> failed) {
        for (int worker = 0; worker < failed.size(); worker++) {
            for (Map.Entry<String, Throwable> each : failed.get(worker).entrySet()) {
                LiveListener listener = adoption.target.get(each.getKey());
                if (listener != null && listener != listeners.serving().get(each.getKey())) {
                    notOpened(adoption, listener, worker, each.getValue());
                }
            }
        }
        adopt(adoption);
    }

    private void notOpened(Adoption adoption, LiveListener listener, int worker, Throwable why) {
        LOG.error(
                "listener '{}' cannot be opened on worker {}, it stays as it was: {}",
                listener.spec().name(),
                worker,
                why.getMessage(),
                why);
        adoption.failures.add(
                new ListenerFailure(listener.spec(), String.valueOf(why.getMessage())));
        adoption.fallBack(listener, listeners.serving());
        if (queued != null) {
            queued.fallBack(listener, listeners.serving());
        }
        listeners.fellBack(listener);
    }

    private void adopt(Adoption adoption) {
        List<OpenListener> open =
                adoption.target.values().stream().map(LiveListener::open).toList();
        ask(
                worker -> {
                    worker.adopt(adoption.snapshot, open);
                    return Map.of();
                },
                all -> adopted(adoption));
    }

    private synchronized void adopted(Adoption adoption) {
        if (!closed) {
            listeners
                    .adopted(adoption.target)
                    .thenRunAsync(() -> finish(adoption), options.publisher());
        }
    }

    private void finish(Adoption adoption) {
        synchronized (this) {
            running = null;
            Adoption next = queued;
            queued = null;
            if (next != null && !closed) {
                begin(next);
            }
        }
        adoption.complete();
    }

    /**
     * Lets every worker do {@code task} on its loop, then goes on with what they say, in their
     * order, on the publishing thread. One that fails, or is no longer there, says nothing.
     */
    private void ask(
            Function<EngineWorker, Map<String, Throwable>> task,
            Consumer<List<Map<String, Throwable>>> then) {
        List<Map<String, Throwable>> answers =
                new ArrayList<>(Collections.nCopies(workers.size(), Map.of()));
        AtomicInteger left = new AtomicInteger(workers.size());
        Runnable answered =
                () -> {
                    if (left.decrementAndGet() == 0) {
                        options.publisher().execute(() -> then.accept(answers));
                    }
                };
        for (EngineWorker worker : workers) {
            try {
                worker.eventLoop()
                        .execute(() -> {
                            try {
                                answers.set(worker.index(), task.apply(worker));
                            } catch (Throwable e) {
                                Faults.contain(e);
                                LOG.error(
                                        "worker {} failed to adopt the configuration",
                                        worker.index(),
                                        e);
                            } finally {
                                answered.run();
                            }
                        });
            } catch (RejectedExecutionException e) {
                LOG.debug("worker {} has ended and adopts nothing", worker.index(), e);
                answered.run();
            }
        }
    }

    /**
     * Takes a new arrangement of a cluster's hosts to every worker; returns at once. A worker that
     * has not adopted that version of the cluster yet will find them when it does.
     */
    public void publishHosts(SharedCluster cluster, HostSet hosts) {
        for (EngineWorker worker : workers) {
            worker.eventLoop().execute(() -> worker.hosts(cluster, hosts));
        }
    }

    /**
     * Tells every worker, and the listening sockets, what overload asks of them; returns at once.
     *
     * @param effects hears what workers do about it, on their loops
     */
    public synchronized void publishOverload(OverloadState state, OverloadEffects effects) {
        if (closed) {
            return;
        }
        for (EngineWorker worker : workers) {
            worker.eventLoop().execute(() -> worker.adopt(state, effects));
        }
        listeners.accepting(!state.saturated(OverloadAction.STOP_ACCEPTING_CONNECTIONS));
    }

    /**
     * Says what would become of a connection and a request on it, by what the first worker has
     * adopted; asked on its loop, which does nothing else meanwhile. Nothing is sent or counted.
     *
     * @return completes with what there is to say; its {@code error} where there is no such
     *     listener. Exceptionally where the worker has ended
     */
    public CompletableFuture<Explanation> explain(Question question) {
        String bound = boundTo(question.destination());
        EngineWorker first = workers.getFirst();
        return CompletableFuture.supplyAsync(
                () -> {
                    Explanation said = new Explanation();
                    if (!first.listeners().explain(question, bound, said)) {
                        said.say("error", unheard(question));
                        first.listeners().names().stream()
                                .sorted()
                                .forEach(name -> said.item("listeners").say("name", name));
                    }
                    return said;
                },
                first.eventLoop());
    }

    private static String unheard(Question question) {
        if (question.listener() != null) {
            return "no listener is named '" + question.listener() + "'";
        }
        return question.destination() == null
                ? "which listener? Name one, or the destination as the client connects to it:"
                        + " address and port"
                : "no listener is at "
                        + question.destination()
                        + ": name one, or the destination as the client connects to it, address"
                        + " and port";
    }

    /** Whether decisions about requests are kept or told: switched on and asked by any thread. */
    public Explaining explaining() {
        return explaining;
    }

    /** Whose socket is at an address, or at the wildcard address of its port. */
    private @Nullable String boundTo(@Nullable Address destination) {
        if (!(destination instanceof IpAddress wanted)) {
            return null;
        }
        String any = null;
        for (Map.Entry<String, List<Address>> listener : boundAddresses().entrySet()) {
            for (Address address : listener.getValue()) {
                if (address.equals(wanted)) {
                    return listener.getKey();
                }
                boolean wildcard =
                        address instanceof IpAddress ip
                                && ip.port() == wanted.port()
                                && ip.ip().isAnyLocalAddress();
                any = wildcard ? listener.getKey() : any;
            }
        }
        return any;
    }

    /** The snapshot published last. */
    public synchronized ProxySnapshot snapshot() {
        return snapshot;
    }

    /** Listeners that are bound from now on take the sockets of the process before this one. */
    public synchronized void inherit(InheritedSockets sockets) {
        listeners.inherit(sockets);
    }

    /**
     * Descriptors of the sockets that listen at an address, for the process after this one; empty
     * where none do. They stay the engine's: valid until the publishing thread stops or changes
     * listeners.
     */
    public synchronized List<Integer> listenDescriptors(String address) {
        return listeners.descriptors(address);
    }

    /** Addresses as bound, by listener that serves: {@code /listeners}. */
    public synchronized Map<String, List<Address>> boundAddresses() {
        return listeners.bound();
    }

    /** Connections accepted and not closed, draining ones included. Asks no worker. */
    public int connections() {
        return workers.stream().mapToInt(worker -> worker.listeners().connections()).sum();
    }

    /** Bytes of heap that the workers hold for peers, roughly: nobody is asked. */
    public long heapHeldForPeers() {
        return workers.stream().mapToLong(worker -> worker.memory().heapHeld()).sum();
    }

    /** The same of direct memory. */
    public long directHeldForPeers() {
        return workers.stream().mapToLong(worker -> worker.memory().directHeld()).sum();
    }

    /** Bytes of heap that all workers together may hold for peers; changes with the heap. */
    public long heapBudgetForPeers() {
        return workers.stream().mapToLong(worker -> worker.memory().budget().heap()).sum();
    }

    /** The same of direct memory. */
    public long directBudgetForPeers() {
        return workers.stream().mapToLong(worker -> worker.memory().budget().direct()).sum();
    }

    /** Makes the workers give up the buffers that they keep in reserve; returns at once. */
    public void trimBuffers() {
        for (EngineWorker worker : workers) {
            worker.eventLoop().execute(PooledByteBufAllocator.DEFAULT::trimCurrentThreadCache);
        }
    }

    /** {@code total_filter_chains_draining}, as the sum over workers. Asks no worker. */
    public int drainingChains() {
        return workers.stream().mapToInt(worker -> worker.listeners().drainingChains()).sum();
    }

    /** Pending timers of all workers: tests assert that they go. Waits for the workers. */
    public int pendingTimers() {
        List<Future<Integer>> running =
                workers.stream()
                        .map(w -> w.eventLoop().submit(() -> w.timers().pending()))
                        .toList();
        return running.stream().mapToInt(future -> future.awaitUninterruptibly().getNow()).sum();
    }

    /** {@code /drain_listeners}: clients are asked to leave; new ones are still served. */
    public void startDrainSequence(boolean inboundOnly) {
        for (EngineWorker worker : workers) {
            worker.eventLoop().execute(() -> worker.listeners().startDrainSequence(inboundOnly));
        }
    }

    /** The process is about to end: clients are asked to leave; new ones are still served. */
    public void startShutdown() {
        for (EngineWorker worker : workers) {
            worker.eventLoop().execute(() -> worker.listeners().startShutdown());
        }
    }

    /** {@code /drain_listeners}: stops accepting; connections go on. */
    public synchronized void stopListeners(boolean inboundOnly) {
        listeners.stop(inboundOnly);
    }

    /**
     * Closes sockets and connections at once, has half a second for peers that take the rest of
     * what is theirs and a second for log entries, spans and statistics that wait to go out, and
     * ends the threads; waits for them. Idempotent.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            listeners.closeSockets();
        }
        end.run();
        synchronized (this) {
            listeners.closeOpen();
        }
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
