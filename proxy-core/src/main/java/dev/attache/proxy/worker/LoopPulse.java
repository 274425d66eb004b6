package dev.attache.proxy.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where a loop stands in its turns, for a watchdog to read. A number that is odd while the loop
 * works and even while it waits for events; each turn has its own. The loop writes it without a
 * barrier and only when it has something to do, so a loop that sleeps is not woken to prove that it
 * lives. Written on the loop, read by any thread.
 */
public final class LoopPulse {

    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(LoopPulse.class, "turn", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** By {@link #TURN} alone. */
    @SuppressWarnings("UnusedVariable")
    private long turn;

    private volatile @Nullable Thread thread;

    LoopPulse() {}

    /** On the loop: its first act. */
    void beats(Thread here) {
        thread = here;
    }

    /** On the loop: a turn begins, or another one where it did not wait in between. */
    void next() {
        long now = (long) TURN.get(this);
        TURN.setOpaque(this, now + 1 + (now & 1));
    }

    /** On the loop: it may sleep from here on. */
    void waits() {
        long now = (long) TURN.get(this);
        TURN.setOpaque(this, now + (now & 1));
    }

    /** On the loop: it is awake. */
    void works() {
        TURN.setOpaque(this, (long) TURN.get(this) | 1);
    }

    /** The turn of this moment; the same odd number twice is a loop that has not left its turn. */
    public long turn() {
        return (long) TURN.getOpaque(this);
    }

    /** Whether {@code turn} is one of work rather than of waiting. */
    public static boolean working(long turn) {
        return (turn & 1) == 1;
    }

    /** The loop's thread, or null before its first turn. */
    public @Nullable Thread thread() {
        return thread;
    }
}
