package dev.attache.proxy.overload;

import java.util.Map;

/**
 * How much of each action is in force, how likely each load shed point sheds, and how far each
 * timeout is scaled. Immutable; any thread.
 */
public final class OverloadState {

    /** Nothing is in force. */
    public static final OverloadState QUIET = new OverloadState(Map.of(), Map.of(), Map.of());

    private final float[] actions = new float[OverloadAction.values().length];
    private final float[] points = new float[LoadShedPoint.values().length];
    private final float[] timeouts = new float[ScaledTimeout.values().length];
    private final boolean quiet;

    /**
     * Values from 0 (not in force) to 1 (saturated); what is missing is 0.
     *
     * @param timeouts 0: as configured, 1: at the minimum
     */
    public OverloadState(
            Map<OverloadAction, Float> actions,
            Map<LoadShedPoint, Float> points,
            Map<ScaledTimeout, Float> timeouts) {
        actions.forEach((action, value) -> this.actions[action.ordinal()] = value);
        points.forEach((point, value) -> this.points[point.ordinal()] = value);
        timeouts.forEach((timeout, value) -> this.timeouts[timeout.ordinal()] = value);
        this.quiet = isZero(this.actions) && isZero(this.points) && isZero(this.timeouts);
    }

    private static boolean isZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
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

    /** From 0 (as configured) to 1 (at the minimum). */
    public float value(ScaledTimeout timeout) {
        return timeouts[timeout.ordinal()];
    }
}
