package dev.attache.proxy.network.http.stats;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.StreamInfo;

/**
 * One worker's share of {@code http.<stat_prefix>.*} and of the listener's {@code
 * http.<stat_prefix>.*}. Loop-confined.
 */
public final class HttpManagerStats {

    /** Envoy's counters of the connection manager; names as on its statistics page. */
    public enum Count {
        DOWNSTREAM_CX_DELAYED_CLOSE_TIMEOUT,
        DOWNSTREAM_CX_DESTROY,
        DOWNSTREAM_CX_DESTROY_ACTIVE_RQ,
        DOWNSTREAM_CX_DESTROY_LOCAL,
        DOWNSTREAM_CX_DESTROY_LOCAL_ACTIVE_RQ,
        DOWNSTREAM_CX_DESTROY_REMOTE,
        DOWNSTREAM_CX_DESTROY_REMOTE_ACTIVE_RQ,
        DOWNSTREAM_CX_DRAIN_CLOSE,
        DOWNSTREAM_CX_HTTP1_TOTAL,
        DOWNSTREAM_CX_HTTP2_TOTAL,
        DOWNSTREAM_CX_HTTP3_TOTAL,
        DOWNSTREAM_CX_IDLE_TIMEOUT,
        DOWNSTREAM_CX_MAX_DURATION_REACHED,
        DOWNSTREAM_CX_MAX_REQUESTS_REACHED,
        DOWNSTREAM_CX_OVERLOAD_DISABLE_KEEPALIVE,
        DOWNSTREAM_CX_PROTOCOL_ERROR,
        DOWNSTREAM_CX_RX_BYTES_TOTAL,
        DOWNSTREAM_CX_SSL_TOTAL,
        DOWNSTREAM_CX_TOTAL,
        DOWNSTREAM_CX_TX_BYTES_TOTAL,
        DOWNSTREAM_CX_UPGRADES_TOTAL,
        DOWNSTREAM_FLOW_CONTROL_PAUSED_READING_TOTAL,
        DOWNSTREAM_FLOW_CONTROL_RESUMED_READING_TOTAL,
        DOWNSTREAM_RQ_COMPLETED,
        DOWNSTREAM_RQ_FAILED_PATH_NORMALIZATION,
        DOWNSTREAM_RQ_HEADER_TIMEOUT,
        DOWNSTREAM_RQ_HTTP1_TOTAL,
        DOWNSTREAM_RQ_HTTP2_TOTAL,
        DOWNSTREAM_RQ_HTTP3_TOTAL,
        DOWNSTREAM_RQ_IDLE_TIMEOUT,
        DOWNSTREAM_RQ_MAX_DURATION_REACHED,
        DOWNSTREAM_RQ_NON_RELATIVE_PATH,
        DOWNSTREAM_RQ_OVERLOAD_CLOSE,
        DOWNSTREAM_RQ_REDIRECTED_WITH_NORMALIZED_PATH,
        DOWNSTREAM_RQ_REJECTED_VIA_IP_DETECTION,
        DOWNSTREAM_RQ_RESPONSE_BEFORE_RQ_COMPLETE,
        DOWNSTREAM_RQ_RX_RESET,
        DOWNSTREAM_RQ_TIMEOUT,
        DOWNSTREAM_RQ_TOO_LARGE,
        DOWNSTREAM_RQ_TOO_MANY_PREMATURE_RESETS,
        DOWNSTREAM_RQ_TOTAL,
        DOWNSTREAM_RQ_TX_RESET,
        DOWNSTREAM_RQ_WS_ON_NON_WS_ROUTE,
        RS_TOO_LARGE
    }

    /** Envoy's gauges of the connection manager. */
    public enum Level {
        DOWNSTREAM_CX_ACTIVE,
        DOWNSTREAM_CX_HTTP1_ACTIVE,
        DOWNSTREAM_CX_HTTP2_ACTIVE,
        DOWNSTREAM_CX_HTTP3_ACTIVE,
        DOWNSTREAM_CX_RX_BYTES_BUFFERED,
        DOWNSTREAM_CX_SSL_ACTIVE,
        DOWNSTREAM_CX_TX_BYTES_BUFFERED,
        DOWNSTREAM_CX_UPGRADES_ACTIVE,
        DOWNSTREAM_RQ_ACTIVE
    }

    private final Cell[] counts = new Cell[Count.values().length];
    private final Cell[] levels = new Cell[Level.values().length];
    private final Cell[] classes = new Cell[6];
    private final Cell[] listenerClasses = new Cell[6];
    private final Cell listenerCompleted;
    private final HistogramCell connectionLength;
    private final HistogramCell requestTime;

    /** All names are listed from the start, as Envoy's are, before anything is counted. */
    public static void declare(Scope scope, Scope listener) {
        scope.declare(HttpStatNames.CONNECTION_MANAGER);
        scope.scope("tracing.").declare(HttpStatNames.TRACING);
        listener.declare(HttpStatNames.OF_LISTENER);
    }

    /**
     * @param scope {@code http.<stat_prefix>.}
     * @param listener {@code listener.<address>.http.<stat_prefix>.}
     */
    public HttpManagerStats(Scope scope, Scope listener, int worker) {
        for (Count count : Count.values()) {
            counts[count.ordinal()] = scope.counter(HttpStatNames.text(count)).cell(worker);
        }
        for (Level level : Level.values()) {
            levels[level.ordinal()] = scope.gauge(HttpStatNames.text(level)).cell(worker);
        }
        for (int family = 1; family <= 5; family++) {
            String name = "downstream_rq_" + family + "xx";
            classes[family] = scope.counter(name).cell(worker);
            listenerClasses[family] = listener.counter(name).cell(worker);
        }
        classes[0] = classes[5];
        listenerClasses[0] = listenerClasses[5];
        listenerCompleted = listener.counter("downstream_rq_completed").cell(worker);
        connectionLength =
                scope.histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS)
                        .cell(worker);
        requestTime =
                scope.histogram("downstream_rq_time", Histogram.Unit.MILLISECONDS).cell(worker);
    }

    public void streamBegan(boolean http1) {
        inc(Count.DOWNSTREAM_RQ_TOTAL);
        inc(http1 ? Count.DOWNSTREAM_RQ_HTTP1_TOTAL : Count.DOWNSTREAM_RQ_HTTP2_TOTAL);
        add(Level.DOWNSTREAM_RQ_ACTIVE, 1);
    }

    public void upgradeBegan() {
        inc(Count.DOWNSTREAM_CX_UPGRADES_TOTAL);
        add(Level.DOWNSTREAM_CX_UPGRADES_ACTIVE, 1);
    }

    public void streamEnded(boolean upgraded, long millis) {
        add(Level.DOWNSTREAM_RQ_ACTIVE, -1);
        if (upgraded) {
            add(Level.DOWNSTREAM_CX_UPGRADES_ACTIVE, -1);
        }
        requestTime(millis);
    }

    public void inc(Count count) {
        counts[count.ordinal()].add(1);
    }

    public void add(Count count, long delta) {
        counts[count.ordinal()].add(delta);
    }

    public void add(Level level, long delta) {
        levels[level.ordinal()].add(delta);
    }

    /** A response begins; those to health checks do not count, as in Envoy. */
    public void completed(StreamInfo info) {
        if (!info.healthCheck) {
            completed(info.responseCode());
        }
    }

    public void completed(int status) {
        inc(Count.DOWNSTREAM_RQ_COMPLETED);
        listenerCompleted.inc();
        if (status >= 100 && status < 600) {
            classes[status / 100].inc();
            listenerClasses[status / 100].inc();
        }
    }

    public void requestTime(long millis) {
        requestTime.record(millis);
    }

    public void connectionLength(long millis) {
        connectionLength.record(millis);
    }
}
