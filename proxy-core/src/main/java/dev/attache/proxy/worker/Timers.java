package dev.attache.proxy.worker;

/**
 * The timers of one worker. Arming and cancelling allocate nothing: the caller owns the {@link
 * Timer} object and re-arms it as often as it likes. Loop-confined.
 */
public interface Timers {

    /** Arms {@code timer} to fire once after {@code millis}; an armed timer is moved. */
    void schedule(Timer timer, long millis);

    /** Timers armed and not yet fired; tests assert that it returns to zero. */
    int pending();
}
