package dev.attache.server.overload;

import dev.attache.config.overload.OverloadSpec.Action;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An action with what is asked of it now, and its gauges. */
final class WatchedAction {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private static final int PERCENT = 100;

    private final Action action;
    private final TriggeredValue value;
    private final Gauge active;
    private final Gauge scalePercent;

    WatchedAction(Action action, StatsStore stats) {
        this.action = action;
        this.value = new TriggeredValue(action.triggers());
        this.active = stats.gauge("overload." + action.name() + ".active");
        this.scalePercent = stats.gauge("overload." + action.name() + ".scale_percent");
    }

    Action action() {
        return action;
    }

    float value() {
        return value.value();
    }

    /**
     * A resource was measured.
     *
     * @return whether the action's value is another one now
     */
    boolean update(String resource, double pressure) {
        float before = value.value();
        if (!value.update(resource, pressure)) {
            return false;
        }
        // As in Envoy, the gauges tell of the resource that moved last.
        float moved = value.value(resource);
        active.set(moved >= 1 ? 1 : 0);
        scalePercent.set((long) (moved * PERCENT));
        float now = value.value();
        if (before >= 1 != now >= 1) {
            LOG.debug(
                    "Overload action {} became {}",
                    action.name(),
                    now >= 1 ? "saturated" : "scaling");
        }
        return now != before;
    }
}
