package dev.attache.iptables.model;

import dev.attache.iptables.capture.Cidr;
import java.util.List;
import java.util.Set;

/** One test of a rule. All must hold for the rule to act. */
public sealed interface Condition {
    /** {@code negated} turns the answer round; never true for {@link Unreadable}. */
    boolean negated();

    /** Transport protocol by name: tcp, udp, or whatever the rule wrote. */
    record Protocol(String name, boolean negated) implements Condition {}

    /** The interface a packet came in by or goes out by; a final {@code +} stands for any rest. */
    record Interface(boolean outgoing, String name, boolean negated) implements Condition {}

    /** Source or destination address in a range, which is masked. */
    record Address(boolean source, Cidr range, boolean negated) implements Condition {}

    /** From one port to another, both included. */
    record PortRange(int from, int to) {}

    /** Source or destination port in one of several ranges. */
    record Ports(boolean source, List<PortRange> ranges, boolean negated) implements Condition {}

    /** User or group id of the socket that sends. */
    record Owner(boolean group, long from, long to, boolean negated) implements Condition {}

    /** Mark of the packet or of its tracked connection. */
    record Mark(boolean connection, long value, long mask, boolean negated) implements Condition {}

    /** State in connection tracking, in upper case. */
    record State(Set<String> states, boolean negated) implements Condition {}

    /** A test this module does not know; it is compared as text and never assumed to hold. */
    record Unreadable(String text) implements Condition {
        @Override
        public boolean negated() {
            return false;
        }
    }
}
