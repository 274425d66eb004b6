package dev.attache.proxy.overload;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of each action is in force, how likely each load shed point sheds, and how far each
 * timeout is scaled. Immutable; any thread.
 */
public final class OverloadState {

    /** Nothing is in force. */
    public static final OverloadState QUIET = new OverloadState(Map.of(), Map.of(), Map.of(), 0);

    private final float[] actions = new float[OverloadAction.values().length];
    private final float[] points = new float[LoadShedPoint.values().length];
    private final @Nullable TimeoutScale[] timeouts =
            new @Nullable TimeoutScale[ScaledTimeout.values().length];
    private final int minimumPower;
    private final boolean quiet;

    /**
     * Values from 0 (not in force) to 1 (saturated); what is missing is 0.
     *
     * @param minimumPower {@code reset_high_memory_stream} leaves accounts below 2^this bytes alone
     */
    public OverloadState(
            Map<OverloadAction, Float> actions,
            Map<LoadShedPoint, Float> points,
            Map<ScaledTimeout, TimeoutScale> timeouts,
            int minimumPower) {
        boolean something = false;
        for (Map.Entry<OverloadAction, Float> action : actions.entrySet()) {
            this.actions[action.getKey().ordinal()] = action.getValue();
            something |= action.getValue() > 0;
        }
        for (Map.Entry<LoadShedPoint, Float> point : points.entrySet()) {
            this.points[point.getKey().ordinal()] = point.getValue();
            something |= point.getValue() > 0;
        }
        for (Map.Entry<ScaledTimeout, TimeoutScale> timeout : timeouts.entrySet()) {
            if (timeout.getValue().value() > 0) {
                this.timeouts[timeout.getKey().ordinal()] = timeout.getValue();
                something = true;
            }
        }
        this.minimumPower = minimumPower;
        this.quiet = !something;
    }

    /** Whether nothing at all is in force. */
    public boolean quiet() {
        return quiet;
    }

    /** From 0 to 1. */
    public float value(OverloadAction action) {
        return actions[action.ordinal()];
    }

    public boolean saturated(OverloadAction action) {
        return actions[action.ordinal()] >= 1;
    }

    /** The probability of shedding, from 0 to 1. */
    public float value(LoadShedPoint point) {
        return points[point.ordinal()];
    }

    /** What is left of a timeout of {@code millis}. */
    long scaled(ScaledTimeout timeout, long millis) {
        TimeoutScale scale = timeouts[timeout.ordinal()];
        return scale == null ? millis : scale.of(millis);
    }

    /** {@code minimum_account_to_track_power_of_two}. */
    public int minimumPower() {
        return minimumPower;
    }

    /** Whether timeouts are what they are under {@code other}. */
    public boolean scalesLike(OverloadState other) {
        return Arrays.equals(timeouts, other.timeouts);
    }
}
