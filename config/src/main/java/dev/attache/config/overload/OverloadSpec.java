package dev.attache.config.overload;

import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.ScaledMinimum;
import dev.attache.proxy.overload.ScaledTimeout;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.overload.v3.OverloadManager}, compiled. Immutable.
 *
 * @param refreshMillis between two measurements
 * @param maxDownstreamConnections of the whole process; 0 = unlimited
 * @param minimumPower accounts below 2^this bytes are never reset; 0 where nothing is to be reset
 * @param shrinkMillis between two looks of {@code shrink_heap}
 * @param shrinkKeepBytes what {@code shrink_heap} leaves to the heap beyond what is in use
 */
public record OverloadSpec(
        long refreshMillis,
        List<Monitor> monitors,
        long maxDownstreamConnections,
        List<Action> actions,
        List<Point> points,
        int minimumPower,
        long shrinkMillis,
        long shrinkKeepBytes) {

    static final long DEFAULT_REFRESH_MILLIS = 1_000;
    static final long DEFAULT_SHRINK_MILLIS = 10_000;
    static final long DEFAULT_SHRINK_KEEP_BYTES = 100 * 1024 * 1024;

    /** No overload manager is configured. */
    public static final OverloadSpec NONE =
            new OverloadSpec(
                    DEFAULT_REFRESH_MILLIS,
                    List.of(),
                    0,
                    List.of(),
                    List.of(),
                    0,
                    DEFAULT_SHRINK_MILLIS,
                    DEFAULT_SHRINK_KEEP_BYTES);

    public OverloadSpec {
        monitors = List.copyOf(monitors);
        actions = List.copyOf(actions);
        points = List.copyOf(points);
    }

    /** What is measured at intervals, under a name of the configuration's choice. */
    public record Monitor(String name, ResourceMonitorSpec spec) {}

    /**
     * What is done at which pressure.
     *
     * @param name as configured; {@code reduce_timeouts} may have others than its well-known one
     * @param minimums of the timeouts that {@code reduce_timeouts} shortens
     */
    public record Action(
            String name,
            OverloadAction kind,
            List<Trigger> triggers,
            Map<ScaledTimeout, ScaledMinimum> minimums) {
        public Action {
            triggers = List.copyOf(triggers);
            minimums = Map.copyOf(minimums);
        }
    }

    /**
     * Where load is shed at which pressure.
     *
     * @param point null where this proxy has no such point: only its statistics exist
     */
    public record Point(String name, @Nullable LoadShedPoint point, List<Trigger> triggers) {
        public Point {
            triggers = List.copyOf(triggers);
        }
    }

    /**
     * From a resource's pressure to a value: 0 up to {@code scaling}, 1 from {@code saturation} on,
     * linear in between; with both the same it is a threshold.
     */
    public record Trigger(String resource, double scaling, double saturation) {

        /** From 0 to 1. */
        public float value(double pressure) {
            if (pressure >= saturation) {
                return 1;
            }
            return pressure <= scaling
                    ? 0
                    : (float) ((pressure - scaling) / (saturation - scaling));
        }
    }
}
