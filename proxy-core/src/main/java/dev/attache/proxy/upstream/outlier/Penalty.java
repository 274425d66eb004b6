package dev.attache.proxy.upstream.outlier;

import dev.attache.proxy.upstream.spec.OutlierSpec;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a host bears for a while, longer each time and less long again while it behaves: ejection,
 * or being degraded. Main thread only.
 */
final class Penalty {
    private final OutlierSpec spec;
    private boolean active;
    private long sinceMillis;
    private long lengthMillis;
    private long endedMillis;
    private int times;

    Penalty(OutlierSpec spec) {
        this.spec = spec;
    }

    boolean active() {
        return active;
    }

    /** Begins the next one. */
    void begin(long now) {
        if (times * spec.baseEjectionMillis()
                < spec.maxEjectionMillis() + spec.baseEjectionMillis()) {
            times++;
        }
        start(now);
    }

    /** Goes on with one that a previous version of the cluster has begun. */
    void inherit(long now) {
        times = 1;
        start(now);
    }

    private void start(long now) {
        long jitter =
                spec.maxEjectionJitterMillis() == 0
                        ? 0
                        : ThreadLocalRandom.current().nextLong(spec.maxEjectionJitterMillis());
        active = true;
        sinceMillis = now;
        lengthMillis =
                Math.min(
                                times * spec.baseEjectionMillis(),
                                Math.max(spec.baseEjectionMillis(), spec.maxEjectionMillis()))
                        + jitter;
    }

    void end(long now) {
        active = false;
        endedMillis = now;
    }

    /**
     * Once each interval: whether it is to end now. A host that behaves earns shorter ones back.
     */
    boolean isOver(long now) {
        if (active) {
            return now - sinceMillis >= lengthMillis;
        }
        if (times > 0 && now - endedMillis >= spec.intervalMillis()) {
            times--;
        }
        return false;
    }
}
