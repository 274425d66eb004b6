package dev.attache.iptables.guard;

/** The guard's answer. */
public sealed interface Verdict {
    /**
     * Serve it.
     *
     * @param direction of the listener that took it
     * @param door name of the listener that took it
     * @param hops how often this traffic has passed the proxy, this time included
     */
    record Allow(Arrival.Direction direction, String door, int hops) implements Verdict {}

    /**
     * Close it.
     *
     * @param reason what gave it away
     * @param text for people
     */
    record Refuse(Reason reason, String text) implements Verdict {}

    /** What gives the proxy's own traffic away. */
    enum Reason {
        /** It was going to a listener of the proxy. */
        OWN_LISTENER,
        /** It carries the proxy's packet mark. */
        OWN_MARK,
        /** Its socket belongs to the proxy's user. */
        OWN_USER,
        /** Its socket belongs to the proxy's group. */
        OWN_GROUP,
        /** Its other end is a connection that the proxy opened. */
        OWN_CONNECTION,
        /** It has passed the proxy too often. */
        TOO_MANY_HOPS,
        /** The kernel refused it. */
        NOT_PERMITTED
    }
}
