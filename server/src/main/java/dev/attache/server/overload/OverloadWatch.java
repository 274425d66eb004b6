package dev.attache.server.overload;

import dev.attache.config.overload.DownstreamConnectionLimit;
import dev.attache.config.overload.OverloadSpec;
import dev.attache.config.overload.ResourceMonitor;
import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.OverloadEffects;
import dev.attache.proxy.overload.OverloadState;
import dev.attache.proxy.overload.ScaledTimeout;
import dev.attache.proxy.overload.TimeoutScale;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.xds.MainLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's overload manager: at each interval asks the resource monitors, turns what they say into
 * values of actions and probabilities of load shed points, and publishes the whole when something
 * of it has changed. Main loop only.
 */
public final class OverloadWatch implements AutoCloseable {

    private final OverloadSpec spec;
    private final MainLoop main;
    private final BiConsumer<OverloadState, OverloadEffects> workers;
    private final Histogram refreshDelay;
    private final OverloadEffects effects;
    private final List<WatchedResource> resources = new ArrayList<>();
    private final List<WatchedAction> actions = new ArrayList<>();
    private final List<WatchedPoint> points = new ArrayList<>();
    private final @Nullable HeapShrinking shrinking;
    private MainLoop.@Nullable Timer timer;
    private long measuredNanos;
    private boolean closed;

    /**
     * @param connections pressure of the process's connections, where they are limited
     * @param workers takes a state, and who hears what they do about it, to the workers
     */
    public OverloadWatch(
            OverloadSpec spec,
            ResourceMonitor connections,
            StatsStore stats,
            MainLoop main,
            BiConsumer<OverloadState, OverloadEffects> workers) {
        this.spec = spec;
        this.main = main;
        this.workers = workers;
        this.refreshDelay =
                stats.histogram("overload.refresh_interval_delay", Histogram.Unit.MILLISECONDS);
        spec.monitors()
                .forEach(monitor ->
                        resources.add(
                                new WatchedResource(monitor.name(), monitor.spec().open(), stats)));
        if (spec.maxDownstreamConnections() > 0) {
            resources.add(new WatchedResource(DownstreamConnectionLimit.NAME, connections, stats));
        }
        spec.actions().forEach(action -> actions.add(new WatchedAction(action, stats)));
        spec.points().forEach(point -> points.add(new WatchedPoint(point, stats)));
        this.effects = new CountedEffects(stats, points);
        this.shrinking = shrinking(stats);
    }

    private @Nullable HeapShrinking shrinking(StatsStore stats) {
        boolean wanted =
                spec.actions().stream()
                        .anyMatch(action -> action.kind() == OverloadAction.SHRINK_HEAP);
        return wanted ? new HeapShrinking(spec, stats, main) : null;
    }

    /** Begins to measure, if there is anything to be measured at intervals. */
    public void start() {
        if (spec.monitors().isEmpty()) {
            return;
        }
        measuredNanos = main.nanoTime();
        again();
        if (shrinking != null) {
            shrinking.start();
        }
    }

    private void again() {
        timer = main.schedule(Duration.ofMillis(Math.max(1, spec.refreshMillis())), this::refresh);
    }

    private void refresh() {
        if (closed) {
            return;
        }
        try {
            measure();
        } finally {
            again();
        }
    }

    private void measure() {
        boolean changed = false;
        for (WatchedResource resource : resources) {
            OptionalDouble pressure = resource.measure();
            if (pressure.isPresent()) {
                changed |= update(resource.name(), pressure.getAsDouble());
            }
        }
        if (changed) {
            publish();
        }
        long now = main.nanoTime();
        refreshDelay.record(TimeUnit.NANOSECONDS.toMillis(now - measuredNanos));
        measuredNanos = now;
    }

    private boolean update(String resource, double pressure) {
        boolean changed = false;
        for (WatchedAction action : actions) {
            changed |= action.update(resource, pressure);
        }
        for (WatchedPoint point : points) {
            changed |= point.update(resource, pressure);
        }
        return changed;
    }

    private void publish() {
        Map<OverloadAction, Float> values = new EnumMap<>(OverloadAction.class);
        Map<ScaledTimeout, TimeoutScale> timeouts = new EnumMap<>(ScaledTimeout.class);
        for (WatchedAction action : actions) {
            float value = action.value();
            values.merge(action.action().kind(), value, Math::max);
            action.action()
                    .minimums()
                    .forEach((timeout, minimum) ->
                            timeouts.put(timeout, new TimeoutScale(minimum, value)));
        }
        Map<LoadShedPoint, Float> probabilities = new EnumMap<>(LoadShedPoint.class);
        for (WatchedPoint point : points) {
            if (point.point().point() != null) {
                probabilities.put(point.point().point(), point.value());
            }
        }
        OverloadState state =
                new OverloadState(values, probabilities, timeouts, spec.minimumPower());
        if (shrinking != null) {
            shrinking.active(state.saturated(OverloadAction.SHRINK_HEAP));
        }
        workers.accept(state, effects);
    }

    /** Measures no more; what is in force stays in force. */
    @Override
    public void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
        if (shrinking != null) {
            shrinking.close();
        }
    }
}
