package dev.attache.server.admin;

import dev.attache.proxy.http.CodecCells;
import dev.attache.proxy.network.http.stats.HttpStatNames;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatFamily;
import dev.attache.proxy.stats.StatsStore;

/** {@code http.admin.*} and {@code listener.admin.*}: what the admin listener saw. Any thread. */
final class AdminStats {

    private static final StatFamily LISTENER =
            StatFamily.builder()
                    .counters(
                            "downstream_cx_destroy",
                            "downstream_cx_overflow",
                            "downstream_cx_overload_reject",
                            "downstream_cx_total",
                            "downstream_cx_transport_socket_connect_timeout",
                            "downstream_global_cx_overflow",
                            "downstream_listener_filter_error",
                            "downstream_listener_filter_remote_close",
                            "downstream_pre_cx_timeout",
                            "main_thread.downstream_cx_total",
                            "no_filter_chain_match")
                    .gauges(
                            "downstream_cx_active",
                            "downstream_pre_cx_active",
                            "main_thread.downstream_cx_active")
                    .histogram("connections_accepted_per_socket_event", Histogram.Unit.UNSPECIFIED)
                    .histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS)
                    .build();

    private final Scope http;
    private final Scope listener;
    private final Scope httpOfListener;

    AdminStats(StatsStore store) {
        this.http = store.scope("http.admin.");
        this.listener = store.scope("listener.admin.");
        this.httpOfListener = listener.scope("http.admin.");
        http.declare(HttpStatNames.CONNECTION_MANAGER);
        listener.declare(LISTENER);
        httpOfListener.declare(HttpStatNames.OF_LISTENER);
        CodecCells.listHttp1(store.scope(""));
    }

    void opened() {
        for (String name : new String[] {"downstream_cx_total", "downstream_cx_http1_total"}) {
            http.counter(name).inc();
        }
        listener.counter("downstream_cx_total").inc();
        listener.counter("main_thread.downstream_cx_total").inc();
        open(1);
    }

    void closed(long lengthMillis, boolean byPeer) {
        http.counter("downstream_cx_destroy").inc();
        http.counter(byPeer ? "downstream_cx_destroy_remote" : "downstream_cx_destroy_local").inc();
        listener.counter("downstream_cx_destroy").inc();
        http.histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS).record(lengthMillis);
        listener.histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS)
                .record(lengthMillis);
        open(-1);
    }

    private void open(int delta) {
        for (Gauge gauge :
                new Gauge[] {
                    http.gauge("downstream_cx_active"),
                    http.gauge("downstream_cx_http1_active"),
                    listener.gauge("downstream_cx_active"),
                    listener.gauge("main_thread.downstream_cx_active")
                }) {
            gauge.add(delta);
        }
    }

    void received(long bytes) {
        http.counter("downstream_cx_rx_bytes_total").add(bytes);
    }

    void sent(long bytes) {
        http.counter("downstream_cx_tx_bytes_total").add(bytes);
    }

    void requested() {
        http.counter("downstream_rq_total").inc();
        http.counter("downstream_rq_http1_total").inc();
        http.gauge("downstream_rq_active").inc();
    }

    void answered(int status, long millis) {
        String family = "downstream_rq_" + status / 100 + "xx";
        for (Counter counter :
                new Counter[] {
                    http.counter(family),
                    http.counter("downstream_rq_completed"),
                    httpOfListener.counter(family),
                    httpOfListener.counter("downstream_rq_completed")
                }) {
            counter.inc();
        }
        http.gauge("downstream_rq_active").dec();
        http.histogram("downstream_rq_time", Histogram.Unit.MILLISECONDS).record(millis);
    }
}
