package dev.attache.proxy.worker;

import dev.attache.proxy.overload.ScaledTimeout;

/**
 * A timer whose timeout overload may shorten, also while it runs: it fires when what is granted now
 * has passed since it was armed. Loop-confined.
 */
public abstract class ScaledTimer extends Timer {

    private final WorkerContext worker;
    private final ScaledTimeout kind;
    private long configured;
    private long granted;

    protected ScaledTimer(WorkerContext worker, ScaledTimeout kind) {
        this.worker = worker;
        this.kind = kind;
    }

    /** Arms it to fire after what overload leaves of {@code millis}. */
    public final void arm(long millis) {
        arm(millis, 0);
    }

    /**
     * As {@link #arm(long)}, for who has just asked the worker's clock.
     *
     * @param now what it said
     */
    public final void armAt(long now, long millis) {
        configured = millis;
        granted = worker.overload().scaled(kind, millis);
        worker.timers().schedule(this, granted, now);
    }

    /**
     * As {@link #arm(long)}, as if it had been done before.
     *
     * @param elapsed how many milliseconds before
     */
    public final void arm(long millis, long elapsed) {
        configured = millis;
        granted = worker.overload().scaled(kind, millis);
        worker.timers().schedule(this, Math.max(0, granted - elapsed));
    }

    /**
     * @param overdue milliseconds since it should have fired; negative while it is to come
     */
    final void rescale(long overdue) {
        long before = granted;
        granted = worker.overload().scaled(kind, configured);
        if (granted != before) {
            worker.timers().schedule(this, Math.max(0, granted - before - overdue));
        }
    }
}
