package dev.attache.server.guard;

import dev.attache.config.runtime.RuntimeValues;
import dev.attache.iptables.guard.Arrival;
import dev.attache.iptables.guard.Arrival.Direction;
import dev.attache.iptables.guard.GuardSettings;
import dev.attache.iptables.guard.LoopGuard;
import dev.attache.iptables.guard.ProcessSockets;
import dev.attache.iptables.guard.Refusals;
import dev.attache.iptables.guard.Verdict;
import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.SocketTable;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.listener.filter.OriginalDstSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.StatsStore;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop guard of one proxy. Runtime keys: {@code attache.loop_guard.enabled} (true), {@code
 * .mark} (the packet mark of the proxy's own traffic, none), {@code .uid} (a user of which no
 * outbound connection is served, none), {@code .max_hops} (2). Counts in {@code
 * attache.loop_guard.*}, which appear with the first listener that traffic is redirected to.
 */
public final class TrafficGuard implements RedirectGuard {

    private static final Logger LOG = LoggerFactory.getLogger("conn_handler");
    private static final String KEY = "attache.loop_guard.";

    private final boolean enabled;
    private final boolean asksForUser;
    private final LoopGuard guard;
    private final StatsStore stats;
    private volatile List<InetSocketAddress> listeners = List.of();

    public TrafficGuard(RuntimeValues runtime, StatsStore stats) {
        this.stats = stats;
        this.enabled = runtime.flag(KEY + "enabled", true);
        Set<Long> users = runtime.integer(KEY + "uid").map(Set::of).orElse(Set.of());
        this.asksForUser = !users.isEmpty();
        GuardSettings settings =
                new GuardSettings(
                        () -> listeners,
                        runtime.integer(KEY + "mark").orElse(0L).intValue(),
                        users,
                        Set.of(),
                        runtime.integer(KEY + "max_hops").orElse(2L).intValue());
        this.guard =
                new LoopGuard(
                        settings,
                        address -> {
                            try {
                                return NetworkInterface.getByInetAddress(address) != null;
                            } catch (SocketException unknown) {
                                return false;
                            }
                        },
                        new ProcessSockets(),
                        new Refusals(LOG::error, System::nanoTime));
    }

    private record Leave(Verdict.Allow verdict) implements Pass {}

    /** Learns which listeners traffic is redirected to. From the publishing thread. */
    public void adopt(ProxySnapshot snapshot) {
        List<InetSocketAddress> intercepting = new ArrayList<>();
        for (ListenerSpec listener : snapshot.listeners().values()) {
            if (listener.bindToPort() && isRedirectedTo(listener)) {
                add(listener.address(), intercepting);
                listener.additionalAddresses().forEach(each -> add(each.address(), intercepting));
            }
        }
        if (!intercepting.isEmpty() && listeners.isEmpty()) {
            for (Verdict.Reason reason : Verdict.Reason.values()) {
                stats.counter(stat(reason));
            }
        }
        listeners = List.copyOf(intercepting);
    }

    private static boolean isRedirectedTo(ListenerSpec listener) {
        return listener.useOriginalDst()
                || Boolean.TRUE.equals(listener.socket().transparent())
                || listener.listenerFilters().stream()
                        .anyMatch(filter -> filter.spec() instanceof OriginalDstSpec);
    }

    private static void add(Address address, List<InetSocketAddress> to) {
        if (address instanceof IpAddress ip) {
            to.add(ip.toSocketAddress());
        }
    }

    private static String stat(Verdict.Reason reason) {
        return KEY + reason.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public @Nullable Pass admit(ConnectionInfo connection, @Nullable Boolean inbound, int mark) {
        if (!enabled
                || !(connection.directRemoteAddress() instanceof IpAddress client)
                || !(connection.directLocalAddress() instanceof IpAddress own)
                || !(connection.localAddress() instanceof IpAddress target)) {
            return RedirectGuard.OFF.admit(connection, inbound, mark);
        }
        Direction direction =
                inbound == null
                        ? Direction.UNKNOWN
                        : inbound ? Direction.INBOUND : Direction.OUTBOUND;
        Arrival arrival =
                new Arrival(
                        direction,
                        connection.listenerName(),
                        client.toSocketAddress(),
                        own.toSocketAddress(),
                        target.toSocketAddress(),
                        mark,
                        asksForUser ? user(client, own, target) : -1,
                        -1);
        Verdict verdict = guard.accepted(arrival);
        if (verdict instanceof Verdict.Allow allow) {
            return new Leave(allow);
        }
        count((Verdict.Refuse) verdict);
        return null;
    }

    private static long user(IpAddress client, IpAddress own, IpAddress target) {
        try {
            InetSocketAddress from = client.toSocketAddress();
            SocketTable.Entry entry = SocketTable.find(from, own.toSocketAddress());
            if (entry == null) {
                entry = SocketTable.find(from, target.toSocketAddress());
            }
            return entry == null ? -1 : entry.user();
        } catch (KernelException unanswered) {
            return -1;
        }
    }

    private void count(Verdict.Refuse refuse) {
        stats.counter(stat(refuse.reason())).inc();
    }

    @Override
    public void gone(ConnectionInfo connection) {
        if (connection.directRemoteAddress() instanceof IpAddress client
                && connection.localAddress() instanceof IpAddress target) {
            guard.gone(client.toSocketAddress(), target.toSocketAddress());
        }
    }

    @Override
    public void dialling(Pass cause, Address target) {
        if (cause instanceof Leave leave && target instanceof IpAddress to) {
            guard.dialling(leave.verdict(), to.toSocketAddress());
        }
    }

    @Override
    public void notDialled(Address target) {
        if (enabled && target instanceof IpAddress to) {
            guard.notConnecting(to.toSocketAddress());
        }
    }

    @Override
    public boolean dialled(Pass cause, Address local, Address target) {
        if (!(cause instanceof Leave leave)
                || !(local instanceof IpAddress from)
                || !(target instanceof IpAddress to)) {
            return true;
        }
        Verdict verdict =
                guard.connecting(leave.verdict(), from.toSocketAddress(), to.toSocketAddress());
        if (verdict instanceof Verdict.Refuse refuse) {
            count(refuse);
            return false;
        }
        return true;
    }

    @Override
    public void closed(Address local, Address target) {
        if (local instanceof IpAddress from && target instanceof IpAddress to) {
            guard.closed(from.toSocketAddress(), to.toSocketAddress());
        }
    }

    @Override
    public void notPermitted(Address target) {
        if (enabled && target instanceof IpAddress to) {
            count(guard.notPermitted(to.toSocketAddress()));
        }
    }

    /** Connections the guard remembers, for tests of leaks. */
    public int size() {
        return guard.size();
    }
}
