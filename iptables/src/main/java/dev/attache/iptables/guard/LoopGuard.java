package dev.attache.iptables.guard;

import dev.attache.iptables.guard.Arrival.Direction;
import dev.attache.iptables.guard.Arrival.Ends;
import dev.attache.iptables.guard.Verdict.Allow;
import dev.attache.iptables.guard.Verdict.Reason;
import dev.attache.iptables.guard.Verdict.Refuse;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The guard. Keeps a table of the proxy's open upstream connections by both ends: a connection that
 * arrives with the same ends is the proxy's own. One such meeting is right: from the outbound
 * listener to the inbound one, when an application calls itself by a service address. Every other
 * one is a loop.
 *
 * <p>Shared by all workers, because a loop may arrive on another worker than it left; the price is
 * one put and one remove in a concurrent map for each connection redirected here and for each that
 * is opened on its behalf.
 */
public final class LoopGuard implements Guard {
    private static final String REMEDY =
            ". The rules that keep the proxy's own traffic apart (its user, group or mark) are"
                    + " missing or do not match this process; \"attache intercept status\" and"
                    + " \"attache intercept explain\" show them.";

    private final GuardSettings settings;
    private final LocalAddresses local;
    private final OwnSockets own;
    private final Refusals refusals;
    private final ConcurrentHashMap<Ends, Allow> opened = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Ends, Arrival> arrived = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<InetSocketAddress, Dials> dialling = new ConcurrentHashMap<>();

    public LoopGuard(
            GuardSettings settings, LocalAddresses local, OwnSockets own, Refusals refusals) {
        this.settings = settings;
        this.local = local;
        this.own = own;
        this.refusals = refusals;
    }

    /** Calls of connect(2) under way to one target, which lasts some microseconds. */
    private record Dials(Allow cause, int count) {}

    @Override
    public void dialling(Allow cause, InetSocketAddress target) {
        dialling.merge(
                target, new Dials(cause, 1), (old, one) -> new Dials(cause, old.count() + 1));
    }

    @Override
    public void notConnecting(InetSocketAddress target) {
        dialling.computeIfPresent(
                target,
                (key, old) -> old.count() == 1 ? null : new Dials(old.cause(), old.count() - 1));
    }

    @Override
    public Verdict accepted(Arrival arrival) {
        // Who calls the listener itself may be served by a filter chain that goes elsewhere. If it
        // goes back to the listener, connecting() ends it.
        if (!arrival.target().equals(arrival.listener()) && isOwnListener(arrival.target())) {
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
        Allow cause = causeOf(arrival);
        if (cause == null) {
            arrived.put(arrival.ends(), arrival);
            return new Allow(arrival.direction(), arrival.door(), 1);
        }
        if (isLoop(cause, arrival)) {
            return refuse(
                    Reason.OWN_CONNECTION, arrival, "the proxy itself opened this connection");
        }
        int hops = cause.hops() + 1;
        if (hops > settings.maxHops()) {
            return refuse(
                    Reason.TOO_MANY_HOPS, arrival, "it has passed the proxy " + hops + " times");
        }
        return new Allow(arrival.direction(), arrival.door(), hops);
    }

    /** Where the listeners do not say their direction, the number of hops has to decide. */
    private static boolean isLoop(Allow left, Arrival came) {
        if (left.door().equals(came.door())) {
            return true;
        }
        boolean unknown =
                left.direction() == Direction.UNKNOWN || came.direction() == Direction.UNKNOWN;
        boolean toItself =
                left.direction() == Direction.OUTBOUND && came.direction() == Direction.INBOUND;
        return !unknown && !toItself;
    }

    /**
     * Why the proxy opened this connection; null if it did not. A connection on this host can be
     * accepted before connect(2) returns to the worker that opened it: then only its target is
     * known, which is a weak hint, and the kernel has to confirm it.
     */
    private @Nullable Allow causeOf(Arrival arrival) {
        Allow cause = opened.get(arrival.ends());
        if (cause != null) {
            return owner(arrival) == OwnSockets.Answer.OTHER ? null : cause;
        }
        Dials dials = dialling.get(arrival.target());
        return dials != null && owner(arrival) == OwnSockets.Answer.OWN ? dials.cause() : null;
    }

    private OwnSockets.Answer owner(Arrival arrival) {
        return own.opened(arrival.client(), arrival.listener(), arrival.target());
    }

    @Override
    public Verdict connecting(Allow cause, InetSocketAddress from, InetSocketAddress target) {
        try {
            return judge(cause, from, target);
        } finally {
            notConnecting(target);
        }
    }

    private Verdict judge(Allow cause, InetSocketAddress from, InetSocketAddress target) {
        if (isOwnListener(target)) {
            return refuse(
                    Reason.OWN_LISTENER,
                    cause.direction() + " connection from " + text(from),
                    target,
                    "it would go to the proxy's own listener");
        }
        Ends ends = new Ends(from, target);
        opened.put(ends, cause);
        Arrival came = arrived.get(ends);
        if (came != null && isLoop(cause, came) && owner(came) != OwnSockets.Answer.OTHER) {
            opened.remove(ends);
            arrived.remove(ends);
            return refuse(Reason.OWN_CONNECTION, came, "it came straight back to the proxy");
        }
        return cause;
    }

    @Override
    public void closed(InetSocketAddress from, InetSocketAddress target) {
        opened.remove(new Ends(from, target));
    }

    @Override
    public void gone(InetSocketAddress client, InetSocketAddress target) {
        arrived.remove(new Ends(client, target));
    }

    @Override
    public Refuse notPermitted(InetSocketAddress target) {
        return refuse(
                Reason.NOT_PERMITTED,
                "connection of the proxy",
                target,
                "the kernel did not permit it, as it does when an interception program takes this"
                        + " process for the application, or a packet rule rejects it");
    }

    /** Connections in the table, for tests of leaks. */
    public int size() {
        return opened.size() + arrived.size() + dialling.size();
    }

    private boolean isOwnListener(InetSocketAddress target) {
        for (InetSocketAddress listener : settings.listeners().get()) {
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
        String what = arrival.direction() + " connection from " + text(arrival.client());
        return refuse(reason, what, arrival.target(), why);
    }

    private Refuse refuse(Reason reason, String what, InetSocketAddress to, String why) {
        String target = text(to);
        String line = "traffic loop refused: " + what + " to " + target + ": " + why + REMEDY;
        refusals.add(reason, target, line);
        return new Refuse(reason, line);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
