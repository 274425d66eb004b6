package dev.attache.proxy.upstream.outlier;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How one host fares over all workers.
 *
 * <p>Runs of errors are global by nature: an error costs one atomic add, a success after a success
 * one volatile read. Totals are per worker. Ejection is the main thread's.
 */
final class HostOutlier implements OutlierMonitor {

    private static final int GATEWAY_FIRST = 502;
    private static final int GATEWAY_LAST = 504;

    /** Per worker: external total, external good, local total, local good; padded to two lines. */
    private static final int CELL = 16;

    private final OutlierDetector detector;
    private final Host host;
    private final OutlierSpec spec;
    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicInteger gatewayErrors = new AtomicInteger();
    private final AtomicInteger localErrors = new AtomicInteger();
    private final long[][] cells;
    private final long[] before = new long[4];

    // Main thread only.
    final Penalty ejection;
    final Penalty degradation;

    // Written on the main thread, shown by any.
    volatile double successRate = -1;
    volatile double localSuccessRate = -1;

    HostOutlier(OutlierDetector detector, Host host, OutlierSpec spec, int workers) {
        this.detector = detector;
        this.host = host;
        this.spec = spec;
        this.cells = new long[workers][CELL];
        this.ejection = new Penalty(spec);
        this.degradation = new Penalty(spec);
    }

    Host host() {
        return host;
    }

    @Override
    public void onResponse(int worker, int status) {
        long[] own = cells[worker];
        own[0]++;
        if (status < 500) {
            own[1]++;
            reset(errors);
            reset(gatewayErrors);
            return;
        }
        if (status >= GATEWAY_FIRST && status <= GATEWAY_LAST) {
            if (gatewayErrors.incrementAndGet() == spec.consecutiveGatewayFailure()) {
                detector.onRun(this, Ejection.CONSECUTIVE_GATEWAY_FAILURE);
            }
        } else {
            reset(gatewayErrors);
        }
        if (errors.incrementAndGet() == spec.consecutive5xx()) {
            detector.onRun(this, Ejection.CONSECUTIVE_5XX);
        }
    }

    /** A plain read where there is nothing to reset. */
    private static void reset(AtomicInteger run) {
        if (run.get() != 0) {
            run.set(0);
        }
    }

    @Override
    public void onLocalEvent(int worker, LocalEvent event) {
        if (!spec.splitLocalOrigin()) {
            switch (event) {
                case CONNECT_SUCCESS -> {
                    // What the host answers will be counted.
                }
                case CONNECT_SUCCESS_FINAL -> onResponse(worker, 200);
                case CONNECT_FAILED -> onResponse(worker, 503);
                case TIMEOUT -> onResponse(worker, 504);
            }
            return;
        }
        long[] own = cells[worker];
        own[2]++;
        switch (event) {
            case CONNECT_SUCCESS, CONNECT_SUCCESS_FINAL -> {
                own[3]++;
                reset(localErrors);
            }
            case CONNECT_FAILED, TIMEOUT -> {
                if (localErrors.incrementAndGet() == spec.consecutiveLocalOriginFailure()) {
                    detector.onRun(this, Ejection.CONSECUTIVE_LOCAL_ORIGIN_FAILURE);
                }
            }
        }
    }

    @Override
    public boolean heedsDegraded() {
        return spec.detectDegraded();
    }

    @Override
    public void onDegraded() {
        if (!host.has(Host.Flag.DEGRADED_OUTLIER_DETECTION)) {
            detector.onDegraded(this);
        }
    }

    @Override
    public double successRate(boolean local) {
        return local ? localSuccessRate : successRate;
    }

    /** Main thread: the run has been looked at, the next one begins. */
    void forget(Ejection run) {
        switch (run) {
            case CONSECUTIVE_5XX -> errors.set(0);
            case CONSECUTIVE_GATEWAY_FAILURE -> gatewayErrors.set(0);
            case CONSECUTIVE_LOCAL_ORIGIN_FAILURE -> localErrors.set(0);
            case SUCCESS_RATE,
                    LOCAL_ORIGIN_SUCCESS_RATE,
                    FAILURE_PERCENTAGE,
                    LOCAL_ORIGIN_FAILURE_PERCENTAGE -> {
                // Rates have no run.
            }
        }
    }

    void forgetRuns() {
        errors.set(0);
        gatewayErrors.set(0);
        localErrors.set(0);
    }

    /**
     * Main thread: what came since the last call.
     *
     * @return external total, external good, local total, local good
     */
    long[] interval() {
        long[] since = new long[4];
        for (int i = 0; i < since.length; i++) {
            long sum = 0;
            for (long[] own : cells) {
                sum += own[i];
            }
            since[i] = sum - before[i];
            before[i] = sum;
        }
        return since;
    }
}
