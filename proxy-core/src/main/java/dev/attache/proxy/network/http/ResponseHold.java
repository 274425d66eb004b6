package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.network.http.stats.HttpManagerStats;
import dev.attache.proxy.network.http.stats.HttpManagerStats.Count;
import org.jspecify.annotations.Nullable;

/**
 * Holds the source of one response while the client reads slowly. Owned by one stream;
 * loop-confined.
 */
final class ResponseHold implements WatermarkListener {

    private final HttpManagerStats stats;
    private final StreamTimers timers;
    private @Nullable Valve source;
    private boolean holding;

    ResponseHold(HttpManagerStats stats, StreamTimers timers) {
        this.stats = stats;
        this.timers = timers;
    }

    void source(Valve response) {
        source = response;
    }

    @Override
    public void onAboveHighWatermark() {
        if (source != null && !holding) {
            holding = true;
            stats.inc(Count.DOWNSTREAM_FLOW_CONTROL_PAUSED_READING_TOTAL);
            source.hold();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        timers.activity();
        if (holding) {
            stats.inc(Count.DOWNSTREAM_FLOW_CONTROL_RESUMED_READING_TOTAL);
            end();
        }
    }

    /** The upstream connection may serve the next request already: it must not stay held. */
    void end() {
        if (holding && source != null) {
            holding = false;
            source.release();
        }
    }
}
