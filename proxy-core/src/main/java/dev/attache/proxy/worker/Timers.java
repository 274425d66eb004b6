package dev.attache.proxy.worker;

/**
 * The timers of one worker. Arming and cancelling allocate nothing: the caller owns the {@link
 * Timer} object and re-arms it as often as it likes. Loop-confined.
 */
public interface Timers {

    /** Arms {@code timer} to fire once after {@code millis}; an armed timer is moved. */
    void schedule(Timer timer, long millis);

    /**
     * The same for who has just asked the worker's clock.
     *
     * @param now what it said: the time counts from then on
     */
    default void schedule(Timer timer, long millis, long now) {
        schedule(timer, millis);
    }

    /** Timers armed and not yet fired; tests assert that it returns to zero. */
    int pending();
}
