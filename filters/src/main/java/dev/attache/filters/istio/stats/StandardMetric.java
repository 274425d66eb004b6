package dev.attache.filters.istio.stats;

import dev.attache.proxy.stats.Histogram.Unit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio's standard metrics. Their names lack {@code istio_} where configurations mean them. */
enum StandardMetric {
    REQUESTS_TOTAL("requests_total", null),
    REQUEST_DURATION("request_duration_milliseconds", Unit.MILLISECONDS),
    REQUEST_BYTES("request_bytes", Unit.BYTES),
    RESPONSE_BYTES("response_bytes", Unit.BYTES),
    REQUEST_MESSAGES_TOTAL("request_messages_total", null),
    RESPONSE_MESSAGES_TOTAL("response_messages_total", null),
    TCP_CONNECTIONS_OPENED_TOTAL("tcp_connections_opened_total", null),
    TCP_CONNECTIONS_CLOSED_TOTAL("tcp_connections_closed_total", null),
    TCP_SENT_BYTES_TOTAL("tcp_sent_bytes_total", null),
    TCP_RECEIVED_BYTES_TOTAL("tcp_received_bytes_total", null);

    static final int COUNT = values().length;

    private static final Map<String, StandardMetric> BY_NAME = new HashMap<>();

    static {
        for (StandardMetric metric : values()) {
            BY_NAME.put(metric.text, metric);
        }
    }

    private final String text;

    /** Of a histogram; null of a counter. */
    private final @Nullable Unit unit;

    StandardMetric(String text, @Nullable Unit unit) {
        this.text = text;
        this.unit = unit;
    }

    static @Nullable StandardMetric of(String name) {
        return BY_NAME.get(name);
    }

    /** As it is exposed. */
    String statName() {
        return "istio_" + text;
    }

    Unit unit() {
        return unit == null ? Unit.UNSPECIFIED : unit;
    }
}
