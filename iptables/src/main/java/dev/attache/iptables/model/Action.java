package dev.attache.iptables.model;

/** What a rule does with a packet that meets its conditions. */
public sealed interface Action {
    /** Goes to another chain of the same table. */
    record Jump(String chain) implements Action {}

    /** Leaves the chain; in a built-in chain, the table lets the packet pass. */
    record Return() implements Action {}

    /** Lets the packet pass this table. */
    record Accept() implements Action {}

    /** Throws the packet away. */
    record Drop() implements Action {}

    /** Sends it to a local port. */
    record Redirect(int port) implements Action {}

    /** Hands it to a local socket without changing it. */
    record Tproxy(int port, long mark) implements Action {}

    /** Marks the packet and goes on. */
    record SetMark(long value) implements Action {}

    /** Copies the packet's mark to the connection and goes on. */
    record SaveMark() implements Action {}

    /** Copies the connection's mark to the packet and goes on. */
    record RestoreMark() implements Action {}

    /** Tracks the packet in a zone and goes on. */
    record Zone(int zone) implements Action {}

    /** Counts only. */
    record Nothing() implements Action {}

    /** Something this module does not know. */
    record Unreadable(String text) implements Action {}
}
