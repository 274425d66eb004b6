package dev.attache.proxy.overload;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One worker's view of the overload state, and the dice for what is in force in part.
 * Loop-confined. While nothing is in force each question costs one field read.
 */
public final class WorkerOverload {

    private static final long FLOAT_BITS = 24;

    private final int worker;
    private final LongSupplier random;
    private OverloadEffects effects = OverloadEffects.UNHEARD;

    /** Null while nothing is in force. */
    private @Nullable OverloadState state;

    /**
     * @param worker index of its stat cells
     * @param random uniformly distributed in all 64 bits
     */
    public WorkerOverload(int worker, LongSupplier random) {
        this.worker = worker;
        this.random = random;
    }

    /** A view in which nothing is ever in force: of loops that no overload manager reaches. */
    public static WorkerOverload quiet() {
        return new WorkerOverload(0, () -> 0);
    }

    /** Takes over a new state. */
    public void adopt(OverloadState next, OverloadEffects listener) {
        state = next.quiet() ? null : next;
        effects = listener;
    }

    /** Whether anything at all is in force. */
    public boolean active() {
        return state != null;
    }

    /** The state in force. */
    public OverloadState state() {
        OverloadState now = state;
        return now == null ? OverloadState.QUIET : now;
    }

    /** Whether {@code action} is in force to the full. */
    public boolean saturated(OverloadAction action) {
        OverloadState now = state;
        return now != null && now.saturated(action);
    }

    /** Throws the dice: true with the probability of the action's value. */
    public boolean strikes(OverloadAction action) {
        OverloadState now = state;
        return now != null && hit(now.value(action));
    }

    /** Throws the dice and counts: true with the probability of the point's value. */
    public boolean sheds(LoadShedPoint point) {
        OverloadState now = state;
        if (now == null || !hit(now.value(point))) {
            return false;
        }
        effects.shed(point, worker);
        return true;
    }

    /** What is left of a timeout of {@code millis}. */
    public long scaled(ScaledTimeout timeout, long millis) {
        OverloadState now = state;
        return now == null ? millis : now.scaled(timeout, millis);
    }

    private boolean hit(float probability) {
        return probability >= 1
                || probability > 0
                        && (random.getAsLong() >>> (Long.SIZE - FLOAT_BITS))
                                < probability * (1L << FLOAT_BITS);
    }
}
