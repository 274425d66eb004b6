package dev.attache.iptables.guard;

import dev.attache.iptables.guard.Arrival.Direction;
import dev.attache.iptables.guard.Verdict.Allow;
import dev.attache.iptables.guard.Verdict.Reason;
import dev.attache.iptables.guard.Verdict.Refuse;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The guard. Keeps a table of the proxy's open upstream connections by local address: a connection
 * that arrives from one of them is the proxy's own. One such meeting is right: from the outbound
 * listener to the inbound one, when an application calls itself by a service address. Every other
 * one is a loop.
 *
 * <p>Shared by all workers, because a loop may arrive on another worker than it left; the price is
 * one put and one remove in a concurrent map per upstream connection.
 */
public final class LoopGuard implements Guard {
    private final GuardSettings settings;
    private final LocalAddresses local;
    private final Refusals refusals;
    private final ConcurrentHashMap<InetSocketAddress, Allow> opened = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<InetSocketAddress, Direction> arrived =
            new ConcurrentHashMap<>();

    public LoopGuard(GuardSettings settings, LocalAddresses local, Refusals refusals) {
        this.settings = settings;
        this.local = local;
        this.refusals = refusals;
    }

    @Override
    public Verdict accepted(Arrival arrival) {
        if (isOwnListener(arrival.target())) {
            return refuse(Reason.OWN_LISTENER, arrival, "it was going to the proxy's own listener");
        }
        if (settings.mark() != 0 && arrival.mark() == settings.mark()) {
            return refuse(Reason.OWN_MARK, arrival, "it carries the proxy's packet mark");
        }
        if (arrival.direction() == Direction.OUTBOUND) {
            if (settings.uids().contains(arrival.uid())) {
                return refuse(
                        Reason.OWN_USER,
                        arrival,
                        "it comes from the proxy's user " + arrival.uid());
            }
            if (settings.gids().contains(arrival.gid())) {
                return refuse(
                        Reason.OWN_GROUP,
                        arrival,
                        "it comes from the proxy's group " + arrival.gid());
            }
        }
        return judgeByTable(arrival);
    }

    private Verdict judgeByTable(Arrival arrival) {
        Allow cause = opened.get(arrival.client());
        if (cause == null) {
            arrived.put(arrival.client(), arrival.direction());
            return new Allow(arrival.direction(), 1);
        }
        if (isLoop(cause.direction(), arrival.direction())) {
            return refuse(
                    Reason.OWN_CONNECTION, arrival, "the proxy itself opened this connection");
        }
        int hops = cause.hops() + 1;
        if (hops > settings.maxHops()) {
            return refuse(
                    Reason.TOO_MANY_HOPS, arrival, "it has passed the proxy " + hops + " times");
        }
        return new Allow(arrival.direction(), hops);
    }

    private static boolean isLoop(Direction left, Direction came) {
        return !(left == Direction.OUTBOUND && came == Direction.INBOUND);
    }

    @Override
    public Verdict connecting(Allow cause, InetSocketAddress from, InetSocketAddress target) {
        Arrival as = Arrival.of(cause.direction(), from, from, target);
        if (isOwnListener(target)) {
            return refuse(Reason.OWN_LISTENER, as, "it would go to the proxy's own listener");
        }
        opened.put(from, cause);
        Direction came = arrived.remove(from);
        if (came != null && isLoop(cause.direction(), came)) {
            opened.remove(from);
            return refuse(Reason.OWN_CONNECTION, as, "it came straight back to the proxy");
        }
        return cause;
    }

    @Override
    public void closed(InetSocketAddress from) {
        opened.remove(from);
    }

    @Override
    public void gone(InetSocketAddress client) {
        arrived.remove(client);
    }

    /** Connections in the table, for tests of leaks. */
    public int size() {
        return opened.size() + arrived.size();
    }

    private boolean isOwnListener(InetSocketAddress target) {
        for (InetSocketAddress listener : settings.listeners()) {
            if (listener.getPort() == target.getPort()
                    && (listener.getAddress().equals(target.getAddress())
                            || (listener.getAddress().isAnyLocalAddress()
                                    && local.contains(target.getAddress())))) {
                return true;
            }
        }
        return false;
    }

    private Refuse refuse(Reason reason, Arrival arrival, String why) {
        String target = text(arrival.target());
        String line =
                "traffic loop refused: "
                        + arrival.direction()
                        + " connection from "
                        + text(arrival.client())
                        + " to "
                        + target
                        + ": "
                        + why
                        + ". The rules that keep the proxy's own traffic apart (its user, group or"
                        + " mark) are missing or do not match this process; \"attache intercept"
                        + " explain\" shows them.";
        refusals.add(reason, target, line);
        return new Refuse(reason, line);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
