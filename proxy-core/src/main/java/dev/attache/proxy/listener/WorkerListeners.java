package dev.attache.proxy.listener;

import dev.attache.proxy.accesslog.AccessLogs;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.connection.userspace.Passthrough;
import dev.attache.proxy.connection.userspace.UserSpaceChannel;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.network.FilterPump;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.FaultListener;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import io.netty.channel.epoll.StandingInterest;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All listeners of one worker: adopts new versions, takes accepted sockets, finds hand-off targets,
 * and knows the chains that still drain. Loop-confined.
 *
 * <p>Longer than files here should be: versions, hand-offs and draining chains are changed
 * together, in one turn.
 */
public final class WorkerListeners {

    private final WorkerSurroundings surroundings;

    private final WorkerContext worker;
    private final ConnectionGate gate;
    private final Map<String, ActiveListener> byName = new HashMap<>();
    private final Map<Address, ActiveListener> byAddress = new HashMap<>();
    private final Set<ActiveChain> leaving = new HashSet<>();

    /** Versions opened and not put to work yet. */
    private final Map<OpenListener, ActiveListener> opened = new IdentityHashMap<>();

    /** Written on the loop alone, read anywhere: how many there are. */
    private final AtomicInteger connections = new AtomicInteger();

    private final AtomicInteger drainingChains = new AtomicInteger();

    public WorkerListeners(WorkerSurroundings surroundings) {
        this.surroundings = surroundings;
        this.worker = surroundings.worker();
        this.gate = surroundings.connectionGate();
    }

    /**
     * Opens versions beside those that serve; {@link #adopt} puts them to work or gives them up.
     *
     * @return why those that could not be opened could not, by listener; nothing of them is left
     */
    public Map<String, Throwable> open(Collection<OpenListener> versions) {
        Map<String, Throwable> failed = new LinkedHashMap<>();
        for (OpenListener version : versions) {
            String name = version.spec().name();
            try {
                opened.put(version, new ActiveListener(version, this, byName.get(name)));
            } catch (Throwable e) {
                Faults.contain(e);
                failed.put(name, e);
            }
        }
        return failed;
    }

    /**
     * Makes {@code next} the listeners of this worker, all of which serve or have been opened;
     * those that are gone begin to drain. What was opened and is not among them is closed.
     */
    public void adopt(Collection<OpenListener> next) {
        Map<String, ActiveListener> kept = new HashMap<>();
        for (OpenListener version : next) {
            String name = version.spec().name();
            ActiveListener now = byName.remove(name);
            ActiveListener fresh = opened.remove(version);
            if (fresh != null) {
                fresh.replace(now);
                kept.put(name, fresh);
            } else if (now != null) {
                kept.put(name, now);
            }
        }
        byName.values().forEach(ActiveListener::beginDrain);
        byName.clear();
        byName.putAll(kept);
        opened.values().forEach(ActiveListener::discard);
        opened.clear();
        indexAddresses();
    }

    private void indexAddresses() {
        byAddress.clear();
        for (ActiveListener listener : byName.values()) {
            byAddress.put(listener.spec().address(), listener);
            for (ListenerSpec.AdditionalAddress more : listener.spec().additionalAddresses()) {
                byAddress.put(more.address(), listener);
            }
        }
    }

    /** Starts the drain sequence of some listeners: they still accept, and ask clients to leave. */
    public void startDrainSequence(boolean inboundOnly) {
        for (ActiveListener listener : byName.values()) {
            if (drains(listener, inboundOnly)) {
                listener.startDrainSequence();
            }
        }
    }

    /** The process is about to end ({@link DrainControl#shutDown}): all are asked to leave. */
    public void startShutdown() {
        byName.values().forEach(ActiveListener::startShutdown);
        List.copyOf(leaving).forEach(ActiveChain::startShutdown);
    }

    static boolean drains(ActiveListener listener, boolean inboundOnly) {
        return !inboundOnly
                || listener.spec().trafficDirection()
                        == dev.attache.proxy.network.TrafficDirection.INBOUND;
    }

    /** Ends every connection now. */
    public void closeAll() {
        adopt(List.of());
        List.copyOf(leaving).forEach(ActiveChain::closeConnections);
    }

    /** Connections of this worker, draining ones included. Any thread. */
    public int connections() {
        return connections.get();
    }

    void connectionsChanged(int by) {
        connections.lazySet(connections.getPlain() + by);
    }

    /** A socket accepted for {@code listenerName}, registered with this worker's loop. */
    void accepted(String listenerName, Channel channel) {
        ActiveListener listener = byName.get(listenerName);
        if (listener == null) {
            channel.close();
            return;
        }
        listener.stats().counts().connectionsAccepted.record(1);
        if (!admitted(listener) || shed(listener)) {
            channel.close();
            return;
        }
        try {
            StandingInterest.keep(channel);
            SocketTuning.onAccept(channel);
        } catch (RuntimeException | Error e) {
            turnedAway(listener.spec());
            throw e;
        }
        ConnectionInfo info = newInfo(channel);
        if (Boolean.TRUE.equals(listener.spec().socket().transparent())) {
            info.redirectedFrom(info.localAddress());
        }
        begin(listener, channel, info);
    }

    private void begin(ActiveListener listener, Channel channel, ConnectionInfo info) {
        HandlerLog.accepted(info);
        AcceptedSocket socket = new AcceptedSocket(channel, info, this, listener);
        channel.pipeline().addLast("attache.accepted", socket);
        socket.begin();
    }

    private ConnectionInfo newInfo(Channel channel) {
        return new ConnectionInfo(
                ConnectionInfo.nextId(),
                System.currentTimeMillis(),
                worker.nanoTime(),
                addressOf(channel.localAddress()),
                addressOf(channel.remoteAddress()));
    }

    /**
     * A connection of this worker to one of its internal listeners; see {@code InternalListeners}.
     */
    public boolean acceptInternal(
            InternalAddress to, UserSpaceChannel accepted, Passthrough passthrough, int hops) {
        ActiveListener listener = byName.get(to.listenerName());
        if (listener == null || !(listener.spec().address() instanceof InternalAddress)) {
            return false;
        }
        if (!admitted(listener) || shed(listener)) {
            return false;
        }
        ConnectionInfo info = newInfo(accepted);
        info.internalHops(hops);
        passthrough.metadata().forEach(info.dynamicMetadata()::merge);
        info.filterState().receive(passthrough.filterState());
        begin(listener, accepted, info);
        return true;
    }

    /** A connection could not be taken from the kernel: on the loop that accepts. */
    void acceptFailed(String listenerName) {
        ActiveListener listener = byName.get(listenerName);
        if (listener != null) {
            listener.stats().acceptFailed();
        }
    }

    private boolean admitted(ActiveListener listener) {
        return switch (gate.tryOpen(listener.spec())) {
            case ADMITTED -> true;
            case LISTENER_FULL -> {
                listener.stats().counts().downstreamCxOverflow.inc();
                yield false;
            }
            case PROCESS_FULL -> {
                listener.stats().counts().downstreamGlobalCxOverflow.inc();
                yield false;
            }
        };
    }

    /** Gives a connection up again that was admitted, where overload asks for it. */
    private boolean shed(ActiveListener listener) {
        WorkerOverload overload = worker.overload();
        if (!overload.active() || listener.spec().bypassOverloadManager()) {
            return false;
        }
        boolean shed =
                overload.sheds(LoadShedPoint.TCP_LISTENER_ACCEPT)
                        || overload.strikes(OverloadAction.REJECT_INCOMING_CONNECTIONS);
        if (shed) {
            listener.stats().counts().downstreamCxOverloadReject.inc();
            gate.closed(listener.spec());
        }
        return shed;
    }

    private static Address addressOf(@Nullable SocketAddress address) {
        return address == null
                        || address instanceof DomainSocketAddress unix && unix.path().isEmpty()
                ? new PipeAddress("")
                : Address.of(address);
    }

    /** To which listener one hands a connection whose destination was restored; null: it stays. */
    @Nullable ActiveListener handOff(ActiveListener from, ConnectionInfo info) {
        if (!from.spec().useOriginalDst() || !info.localAddressRestored()) {
            return null;
        }
        ActiveListener target = findForHandOff(info.localAddress());
        return target == from ? null : target;
    }

    /**
     * Says what would become of a connection and a request on it. Nothing is opened or counted.
     *
     * @param bound the listener whose socket is at the question's destination, or null
     * @return false: there is no such listener
     */
    public boolean explain(Question question, @Nullable String bound, Explanation into) {
        ActiveListener listener = asked(question, bound);
        if (listener == null) {
            return false;
        }
        Address local =
                question.destination() != null ? question.destination() : listener.spec().address();
        Address remote =
                question.source() != null ? question.source() : IpAddress.parse("127.0.0.1", 49152);
        ConnectionInfo info =
                new ConnectionInfo(0, System.currentTimeMillis(), worker.nanoTime(), local, remote);
        new ConnectionExplanation(this, question, info, into).run(listener);
        return true;
    }

    private @Nullable ActiveListener asked(Question question, @Nullable String bound) {
        if (question.listener() != null) {
            return byName.get(question.listener());
        }
        if (bound != null) {
            return byName.get(bound);
        }
        Address destination = question.destination();
        if (destination != null) {
            ActiveListener found = findForHandOff(destination);
            return found != null ? found : interceptor();
        }
        return byName.size() == 1 ? byName.values().iterator().next() : null;
    }

    /** The listener that what goes elsewhere is redirected to, where there is one such. */
    private @Nullable ActiveListener interceptor() {
        List<ActiveListener> found =
                byName.values().stream().filter(each -> each.spec().useOriginalDst()).toList();
        return found.size() == 1 ? found.getFirst() : null;
    }

    /** The listener at {@code address}, or at the wildcard address of its port. */
    @Nullable ActiveListener findForHandOff(Address address) {
        ActiveListener exact = byAddress.get(address);
        if (exact != null || !(address instanceof IpAddress ip)) {
            return exact;
        }
        ActiveListener any =
                byAddress.get(IpAddress.parse(ip.isV6() ? "::" : "0.0.0.0", ip.port()));
        if (any == null && !ip.isV6()) {
            ActiveListener dual = byAddress.get(IpAddress.parse("::", ip.port()));
            return dual != null && dual.spec().socket().ipv4Compat() ? dual : null;
        }
        return any;
    }

    /**
     * @param last the terminal filter, which may have something to say of the connection; or null
     * @param pump of the filters before it, which may too; or null
     */
    void connectionClosed(
            ActiveChain chain,
            Connection connection,
            NetworkFilter.@Nullable Terminal last,
            @Nullable FilterPump pump) {
        ListenerSpec listener = chain.listener();
        ConnectionInfo info = connection.info();
        HandlerLog.gone(info);
        connectionClosed(chain.listenerStats(), listener, info);
        if (!chain.accessLogs().isEmpty()) {
            FaultListener faults = chain.faults().atEndOf(info);
            StreamInfo byFilters = pump == null ? null : pump.streamSoFar();
            StreamInfo stream = byFilters != null ? byFilters : told(last, info, faults);
            if (pump != null) {
                pump.tell(stream);
            }
            stream.bytesReceived = connection.bytesReceived();
            stream.bytesSent = connection.bytesSent();
            stream.listenerMetadata = listener.metadata();
            stream.listenerDirection = listener.trafficDirection().ordinal();
            stream.filterChainMetadata = chain.filterChainMetadata();
            stream.endNanos = worker.nanoTime();
            AccessLogs.write(chain.accessLogs(), FormatContext.of(stream, null), faults);
        }
    }

    private static StreamInfo told(
            NetworkFilter.@Nullable Terminal last, ConnectionInfo info, FaultListener faults) {
        StreamInfo told = null;
        try {
            told = last == null ? null : last.stream();
        } catch (Throwable e) {
            Faults.contain(e);
            faults.onFault(last == null ? "" : last.getClass().getName(), "stream", e);
        }
        return told != null
                ? told
                : new StreamInfo(info, info.startTimeMillis(), info.startNanos());
    }

    void connectionClosed(
            ListenerStats stats, ListenerSpec listener, @Nullable ConnectionInfo info) {
        ListenerStats.Counts counts = stats.counts();
        counts.downstreamCxActive.dec();
        counts.workerCxActive.dec();
        counts.downstreamCxDestroy.inc();
        if (info != null) {
            counts.downstreamCxLengthMs.record((worker.nanoTime() - info.startNanos()) / 1_000_000);
        }
        gate.closed(listener);
    }

    /** A connection ends that found no chain and so was never counted. */
    void turnedAway(ListenerSpec listener) {
        gate.closed(listener);
    }

    /** A connection was handed off: it counts against the other listener's limit from now on. */
    void moved(ListenerSpec from, ListenerSpec to) {
        gate.closed(from);
        gate.handedOver(to);
    }

    void chainLeaving(ActiveChain chain) {
        leaving.add(chain);
        drainingChains.lazySet(leaving.size());
    }

    void chainClosed(ActiveChain chain) {
        leaving.remove(chain);
        drainingChains.lazySet(leaving.size());
    }

    /** Filter chains of this worker that still drain. Any thread. */
    public int drainingChains() {
        return drainingChains.get();
    }

    /** Names of the listeners that serve on this worker. */
    public List<String> names() {
        return new ArrayList<>(byName.keySet());
    }

    WorkerContext worker() {
        return worker;
    }

    WorkerSurroundings surroundings() {
        return surroundings;
    }

    /** Asks the guard whether a redirected connection may be served; told again when it closes. */
    boolean guarded(ListenerSpec listener, ConnectionInfo info, Channel channel) {
        RedirectGuard guard = surroundings.redirectGuard();
        RedirectGuard.Pass pass =
                guard.admit(
                        info,
                        switch (listener.trafficDirection()) {
                            case INBOUND -> true;
                            case OUTBOUND -> false;
                            case UNSPECIFIED -> null;
                        },
                        SocketTuning.mark(channel));
        if (pass == null) {
            return false;
        }
        info.pass(pass);
        channel.closeFuture().addListener(done -> guard.gone(info));
        return true;
    }

    DrainControl drainControl() {
        return surroundings.drainControl();
    }
}
