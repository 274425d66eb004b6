package dev.attache.server.overload;

import dev.attache.config.overload.OverloadSpec.Point;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;

/** A load shed point with its probability and its statistics. */
final class WatchedPoint {

    private static final int PERCENT = 100;

    private final Point point;
    private final TriggeredValue value;
    private final Gauge scalePercent;
    private final Counter shed;

    WatchedPoint(Point point, StatsStore stats) {
        this.point = point;
        this.value = new TriggeredValue(point.triggers());
        this.scalePercent = stats.gauge("overload." + point.name() + ".scale_percent");
        this.shed = stats.counter("overload." + point.name() + ".shed_load_count");
    }

    Point point() {
        return point;
    }

    Counter shed() {
        return shed;
    }

    float value() {
        return value.value();
    }

    /**
     * A resource was measured.
     *
     * @return whether the probability is another one now
     */
    boolean update(String resource, double pressure) {
        float before = value.value();
        value.update(resource, pressure);
        float now = value.value();
        scalePercent.set((long) (now * PERCENT));
        return now != before;
    }
}
