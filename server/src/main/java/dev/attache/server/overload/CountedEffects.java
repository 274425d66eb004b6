package dev.attache.server.overload;

import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.OverloadEffects;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.StatsStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what workers do about overload. Any worker. */
final class CountedEffects implements OverloadEffects {

    private static final String RESETS = "envoy.overload_actions.reset_high_memory_stream.count";

    private final Counter resets;
    private final Map<LoadShedPoint, Counter> shed = new EnumMap<>(LoadShedPoint.class);

    CountedEffects(StatsStore stats, List<WatchedPoint> points) {
        this.resets = stats.counter(RESETS);
        for (WatchedPoint point : points) {
            if (point.point().point() != null) {
                shed.put(point.point().point(), point.shed());
            }
        }
    }

    @Override
    public void shed(LoadShedPoint point, int worker) {
        Counter counter = shed.get(point);
        if (counter != null) {
            counter.cell(worker).inc();
        }
    }

    @Override
    public void reset(int streams, int worker) {
        resets.cell(worker).add(streams);
    }
}
