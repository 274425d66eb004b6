package dev.attache.iptables.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.guard.Arrival.Direction;
import dev.attache.iptables.guard.Verdict.Allow;
import dev.attache.iptables.guard.Verdict.Reason;
import dev.attache.iptables.guard.Verdict.Refuse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopGuardTest {
    private static final InetSocketAddress UPSTREAM = at("10.0.0.9", 80);
    private static final InetSocketAddress OUTBOUND = at("127.0.0.1", 15001);
    private static final InetSocketAddress INBOUND = at("10.0.0.2", 15006);
    private static final InetSocketAddress SERVICE = at("10.0.0.2", 8080);
    private static final InetSocketAddress APPLICATION = at("10.0.0.2", 40000);
    private static final InetSocketAddress OWN = at("10.0.0.2", 50000);

    private final List<String> errors = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final Refusals refusals = new Refusals(errors::add, clock::get);
    private OwnSockets own = OwnSockets.BY_ADDRESS;
    private final LoopGuard guard = guard(2);

    private LoopGuard guard(int hops) {
        return new LoopGuard(
                new GuardSettings(
                        () -> List.of(at("0.0.0.0", 15001), at("10.0.0.2", 15006)),
                        1337,
                        Set.of(1337L),
                        Set.of(1338L),
                        hops),
                address -> address.getHostAddress().equals("10.0.0.2"),
                own,
                refusals);
    }

    private static InetSocketAddress at(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private Verdict outbound(InetSocketAddress client, InetSocketAddress target) {
        return guard.accepted(Arrival.of(Direction.OUTBOUND, client, OUTBOUND, target));
    }

    private Verdict inbound(InetSocketAddress client, InetSocketAddress target) {
        return guard.accepted(Arrival.of(Direction.INBOUND, client, INBOUND, target));
    }

    private static void refusedFor(Reason reason, Verdict verdict) {
        assertThat(verdict).isInstanceOf(Refuse.class);
        assertThat(((Refuse) verdict).reason()).isEqualTo(reason);
    }

    @Test
    void servesOrdinaryTraffic() {
        assertThat(outbound(APPLICATION, UPSTREAM))
                .isEqualTo(new Allow(Direction.OUTBOUND, "OUTBOUND", 1));
        assertThat(inbound(UPSTREAM, SERVICE))
                .isEqualTo(new Allow(Direction.INBOUND, "INBOUND", 1));
        assertThat(errors).isEmpty();
    }

    @Test
    void refusesTrafficToItsOwnListeners() {
        refusedFor(Reason.OWN_LISTENER, outbound(APPLICATION, at("10.0.0.2", 15001)));
        refusedFor(Reason.OWN_LISTENER, inbound(UPSTREAM, at("10.0.0.2", 15001)));
        Allow direct = (Allow) inbound(UPSTREAM, INBOUND);
        refusedFor(Reason.OWN_LISTENER, guard.connecting(direct, OWN, INBOUND));
        assertThat(outbound(APPLICATION, at("10.0.0.9", 15001)))
                .as("another host's port 15001")
                .isInstanceOf(Allow.class);
        Allow cause = new Allow(Direction.OUTBOUND, "OUTBOUND", 1);
        refusedFor(Reason.OWN_LISTENER, guard.connecting(cause, OWN, at("10.0.0.2", 15001)));
    }

    @Test
    void refusesByMarkUserAndGroup() {
        refusedFor(Reason.OWN_MARK, guard.accepted(arrival(Direction.INBOUND, 1337, -1, -1)));
        refusedFor(Reason.OWN_USER, guard.accepted(arrival(Direction.OUTBOUND, 0, 1337, 1)));
        refusedFor(Reason.OWN_GROUP, guard.accepted(arrival(Direction.OUTBOUND, 0, 1, 1338)));
        assertThat(guard.accepted(arrival(Direction.INBOUND, 0, 1337, 1338)))
                .as("the proxy may call the application through the inbound listener")
                .isInstanceOf(Allow.class);
    }

    private static Arrival arrival(Direction direction, int mark, long uid, long gid) {
        return new Arrival(direction, "a", APPLICATION, OUTBOUND, UPSTREAM, mark, uid, gid);
    }

    @Test
    void refusesItsOwnConnectionOnTheSameSide() {
        Allow cause = (Allow) outbound(APPLICATION, UPSTREAM);
        assertThat(guard.connecting(cause, OWN, UPSTREAM)).isEqualTo(cause);
        refusedFor(Reason.OWN_CONNECTION, outbound(OWN, UPSTREAM));
        guard.closed(OWN, UPSTREAM);
        assertThat(outbound(OWN, UPSTREAM)).as("the port is free again").isInstanceOf(Allow.class);
    }

    @Test
    void refusesItsOwnConnectionThatArrivedBeforeItWasKnown() {
        Allow cause = (Allow) outbound(APPLICATION, UPSTREAM);
        assertThat(outbound(OWN, UPSTREAM)).isInstanceOf(Allow.class);
        refusedFor(Reason.OWN_CONNECTION, guard.connecting(cause, OWN, UPSTREAM));
    }

    @Test
    void letsAnApplicationReachItselfOnce() {
        Allow cause = (Allow) outbound(APPLICATION, SERVICE);
        guard.connecting(cause, OWN, SERVICE);
        Verdict second = inbound(OWN, SERVICE);
        assertThat(second).isEqualTo(new Allow(Direction.INBOUND, "INBOUND", 2));
        InetSocketAddress third = at("127.0.0.6", 50001);
        guard.connecting((Allow) second, third, SERVICE);
        refusedFor(Reason.OWN_CONNECTION, inbound(third, SERVICE));
        refusedFor(Reason.OWN_CONNECTION, outbound(third, SERVICE));
    }

    @Test
    void aPortServesSeveralConnectionsAtOnce() {
        Allow cause = (Allow) outbound(APPLICATION, UPSTREAM);
        guard.connecting(cause, OWN, UPSTREAM);
        assertThat(outbound(OWN, at("10.0.0.8", 80)))
                .as("an application's connection from the same port to another place")
                .isInstanceOf(Allow.class);
    }

    @Test
    void asksTheKernelBeforeItBelievesTheAddresses() {
        own = (client, listener, target) -> OwnSockets.Answer.OTHER;
        LoopGuard sceptic = guard(2);
        Allow cause = new Allow(Direction.OUTBOUND, "OUTBOUND", 1);
        sceptic.connecting(cause, OWN, UPSTREAM);
        Arrival same = Arrival.of(Direction.OUTBOUND, OWN, OUTBOUND, UPSTREAM);
        assertThat(sceptic.accepted(same)).isInstanceOf(Allow.class);
        assertThat(sceptic.connecting(cause, OWN, UPSTREAM)).isEqualTo(cause);
    }

    @Test
    void recognisesAConnectionThatArrivesWhileItIsBeingOpened() {
        own = (client, listener, target) -> OwnSockets.Answer.OWN;
        LoopGuard certain = guard(2);
        Allow cause = new Allow(Direction.OUTBOUND, "OUTBOUND", 1);
        certain.dialling(cause, UPSTREAM);
        Arrival back = Arrival.of(Direction.OUTBOUND, OWN, OUTBOUND, UPSTREAM);
        refusedFor(Reason.OWN_CONNECTION, certain.accepted(back));
        certain.connecting(cause, OWN, UPSTREAM);
        certain.closed(OWN, UPSTREAM);
        assertThat(certain.size()).isZero();

        guard.dialling(cause, UPSTREAM);
        assertThat(guard.accepted(back))
                .as("the target alone proves nothing")
                .isInstanceOf(Allow.class);
        guard.notConnecting(UPSTREAM);
        guard.gone(OWN, UPSTREAM);
        assertThat(guard.size()).isZero();
    }

    @Test
    void withoutDirectionsTheListenersNameAndTheHopsDecide() {
        Arrival first = nameless("a", APPLICATION);
        Allow cause = (Allow) guard.accepted(first);
        guard.connecting(cause, OWN, UPSTREAM);
        refusedFor(Reason.OWN_CONNECTION, guard.accepted(nameless("a", OWN)));
        Allow second = (Allow) guard.accepted(nameless("b", OWN));
        InetSocketAddress third = at("10.0.0.2", 50001);
        guard.connecting(second, third, UPSTREAM);
        refusedFor(Reason.TOO_MANY_HOPS, guard.accepted(nameless("c", third)));
    }

    private static Arrival nameless(String door, InetSocketAddress client) {
        return new Arrival(Direction.UNKNOWN, door, client, OUTBOUND, UPSTREAM, 0, -1, -1);
    }

    @Test
    void reportsWhatTheKernelRefused() {
        refusedFor(Reason.NOT_PERMITTED, guard.notPermitted(UPSTREAM));
        guard.notPermitted(UPSTREAM);
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst()).contains("10.0.0.9:80").contains("did not permit");
        assertThat(refusals.count(Reason.NOT_PERMITTED)).isEqualTo(2);
    }

    @Test
    void countsHops() {
        LoopGuard strict = guard(1);
        Allow cause =
                (Allow)
                        strict.accepted(
                                Arrival.of(Direction.OUTBOUND, APPLICATION, OUTBOUND, SERVICE));
        strict.connecting(cause, OWN, SERVICE);
        refusedFor(
                Reason.TOO_MANY_HOPS,
                strict.accepted(Arrival.of(Direction.INBOUND, OWN, INBOUND, SERVICE)));
    }

    @Test
    void saysEachLoopOnceAMinuteAndCountsAll() {
        for (int i = 0; i < 100; i++) {
            outbound(APPLICATION, at("10.0.0.2", 15001));
        }
        assertThat(errors).hasSize(1);
        assertThat(refusals.count(Reason.OWN_LISTENER)).isEqualTo(100);
        clock.addAndGet(60_000_000_000L);
        outbound(APPLICATION, at("10.0.0.2", 15001));
        assertThat(errors).hasSize(2);
        assertThat(errors.getLast()).contains("99 more");
        assertThat(refusals.total()).isEqualTo(101);
    }

    @Test
    void keepsNothingOfClosedConnections() {
        Allow cause = (Allow) outbound(APPLICATION, UPSTREAM);
        guard.connecting(cause, OWN, UPSTREAM);
        assertThat(guard.size()).isEqualTo(2);
        guard.closed(OWN, UPSTREAM);
        guard.gone(APPLICATION, UPSTREAM);
        assertThat(guard.size()).isZero();
    }
}
