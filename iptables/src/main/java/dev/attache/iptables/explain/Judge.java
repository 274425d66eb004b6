package dev.attache.iptables.explain;

import dev.attache.iptables.model.Condition;
import dev.attache.iptables.model.Condition.Address;
import dev.attache.iptables.model.Condition.Interface;
import dev.attache.iptables.model.Condition.Mark;
import dev.attache.iptables.model.Condition.Owner;
import dev.attache.iptables.model.Condition.PortRange;
import dev.attache.iptables.model.Condition.Ports;
import dev.attache.iptables.model.Condition.Protocol;
import dev.attache.iptables.model.Condition.State;
import dev.attache.iptables.model.Condition.Unreadable;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a packet meets a condition, and if not, why, in words. Stateless. */
final class Judge {
    private Judge() {}

    /** Null if the condition holds, else what is in its way. */
    static @Nullable String objection(Condition condition, Packet packet) {
        return switch (condition) {
            case Protocol(String name, boolean negated) ->
                    unless(name.equals(packet.protocol()) != negated, "it is " + packet.protocol());
            case Interface it -> interfaceObjection(it, packet);
            case Address(boolean source, var range, boolean negated) -> {
                var address = source ? packet.source() : packet.destination();
                boolean sameFamily = range.address().isV4() == address.isV4();
                yield unless(
                        sameFamily && range.contains(address) != negated,
                        (source ? "it comes from " : "it goes to ") + address);
            }
            case Ports ports -> portObjection(ports, packet);
            case Owner owner -> ownerObjection(owner, packet);
            case Mark(boolean connection, long value, long mask, boolean negated) -> {
                long actual = connection ? packet.connectionMark() : packet.mark();
                yield unless(
                        ((actual & mask) == value) != negated,
                        (connection ? "its connection's mark is " : "its mark is ") + actual);
            }
            case State(var states, boolean negated) ->
                    unless(states.contains("NEW") != negated, "its connection is new");
            case Unreadable(String text) -> "\"" + text + "\" is not understood here";
        };
    }

    private static @Nullable String unless(boolean holds, String objection) {
        return holds ? null : objection;
    }

    private static @Nullable String interfaceObjection(Interface wanted, Packet packet) {
        String actual = wanted.outgoing() ? packet.out() : packet.in();
        String name = wanted.name();
        boolean prefix = name.endsWith("+") || name.endsWith("*");
        boolean same =
                prefix
                        ? actual.startsWith(name.substring(0, name.length() - 1))
                        : actual.equals(name);
        return unless(
                same != wanted.negated(),
                actual.isEmpty()
                        ? "it has no such interface here"
                        : (wanted.outgoing() ? "it leaves by " : "it arrives by ") + actual);
    }

    private static @Nullable String portObjection(Ports wanted, Packet packet) {
        int actual = wanted.source() ? packet.sourcePort() : packet.destinationPort();
        boolean within = false;
        for (PortRange range : wanted.ranges()) {
            within |= range.from() <= actual && actual <= range.to();
        }
        return unless(
                within != wanted.negated(),
                (wanted.source() ? "its source port is " : "its port is ") + actual);
    }

    private static @Nullable String ownerObjection(Owner wanted, Packet packet) {
        OptionalLong actual = wanted.group() ? packet.gid() : packet.uid();
        String kind = wanted.group() ? "group" : "user";
        if (actual.isEmpty()) {
            return "no socket of this host sends it";
        }
        long id = actual.getAsLong();
        return unless(
                (wanted.from() <= id && id <= wanted.to()) != wanted.negated(),
                "its " + kind + " is " + id);
    }
}
