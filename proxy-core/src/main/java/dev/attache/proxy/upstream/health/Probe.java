package dev.attache.proxy.upstream.health;

/**
 * How one host is asked. One per session; tells its {@link HostCheck} exactly once per {@link
 * #begin} how it went, unless the time is over before. Main thread.
 */
interface Probe {

    /** Asks. The last question has been answered or given up. */
    void begin();

    /** The time is over: no answer is wanted any more. */
    void giveUp();

    /** No more questions; whatever is open is closed. */
    void close();
}
