package dev.attache.proxy.listener;

import dev.attache.proxy.network.FilterFaults;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatFamily;
import org.jspecify.annotations.Nullable;

/** {@code listener.<address>.*} as one worker counts them. Loop-confined. */
final class ListenerStats {

    private static final StatFamily NAMES =
            StatFamily.builder()
                    .counters(
                            "downstream_cx_total",
                            "downstream_cx_destroy",
                            "downstream_cx_overflow",
                            "downstream_cx_overload_reject",
                            "downstream_global_cx_overflow",
                            "downstream_pre_cx_timeout",
                            "downstream_cx_transport_socket_connect_timeout",
                            "downstream_listener_filter_error",
                            "downstream_listener_filter_remote_close",
                            "no_filter_chain_match",
                            "extension_config_missing",
                            "network_extension_config_missing")
                    .gauges("downstream_cx_active", "downstream_pre_cx_active")
                    .histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS)
                    .histogram("connections_accepted_per_socket_event", Histogram.Unit.UNSPECIFIED)
                    .build();

    private static final StatFamily NAMES_OF_WORKER =
            StatFamily.builder()
                    .counters("downstream_cx_total")
                    .gauges("downstream_cx_active")
                    .build();

    private final Scope scope;
    private final Scope own;
    private final int worker;
    private final FilterFaults faults;
    private @Nullable Counts counts;

    ListenerStats(Scope scope, int worker) {
        this.scope = scope;
        this.own = scope.scope("worker_" + worker + ".");
        this.worker = worker;
        faults = new FilterFaults(scope, "downstream_cx_filter_exception", worker);
        scope.declare(NAMES);
        own.declare(NAMES_OF_WORKER);
    }

    /** Cells of what is counted. */
    static final class Counts {
        final Cell downstreamCxTotal;
        final Cell downstreamCxActive;
        final Cell downstreamCxDestroy;
        final HistogramCell downstreamCxLengthMs;
        final HistogramCell connectionsAccepted;
        final Cell downstreamCxOverflow;
        final Cell downstreamGlobalCxOverflow;
        final Cell downstreamCxOverloadReject;
        final Cell downstreamPreCxActive;
        final Cell downstreamPreCxTimeout;
        final Cell downstreamTransportConnectTimeout;
        final Cell listenerFilterError;
        final Cell listenerFilterRemoteClose;
        final Cell noFilterChainMatch;
        final Cell extensionConfigMissing;
        final Cell networkExtensionConfigMissing;
        final Cell workerCxTotal;
        final Cell workerCxActive;

        private Counts(Scope scope, Scope own, int worker) {
            downstreamCxTotal = scope.counter("downstream_cx_total").cell(worker);
            downstreamCxActive = scope.gauge("downstream_cx_active").cell(worker);
            downstreamCxDestroy = scope.counter("downstream_cx_destroy").cell(worker);
            downstreamCxLengthMs =
                    scope.histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS)
                            .cell(worker);
            connectionsAccepted =
                    scope.histogram(
                                    "connections_accepted_per_socket_event",
                                    Histogram.Unit.UNSPECIFIED)
                            .cell(worker);
            downstreamCxOverflow = scope.counter("downstream_cx_overflow").cell(worker);
            downstreamCxOverloadReject =
                    scope.counter("downstream_cx_overload_reject").cell(worker);
            downstreamGlobalCxOverflow =
                    scope.counter("downstream_global_cx_overflow").cell(worker);
            downstreamPreCxActive = scope.gauge("downstream_pre_cx_active").cell(worker);
            downstreamPreCxTimeout = scope.counter("downstream_pre_cx_timeout").cell(worker);
            downstreamTransportConnectTimeout =
                    scope.counter("downstream_cx_transport_socket_connect_timeout").cell(worker);
            listenerFilterError = scope.counter("downstream_listener_filter_error").cell(worker);
            listenerFilterRemoteClose =
                    scope.counter("downstream_listener_filter_remote_close").cell(worker);
            noFilterChainMatch = scope.counter("no_filter_chain_match").cell(worker);
            extensionConfigMissing = scope.counter("extension_config_missing").cell(worker);
            networkExtensionConfigMissing =
                    scope.counter("network_extension_config_missing").cell(worker);
            workerCxTotal = own.counter("downstream_cx_total").cell(worker);
            workerCxActive = own.gauge("downstream_cx_active").cell(worker);
        }
    }

    /** Made with the first connection: most of a thousand listeners may never have one. */
    Counts counts() {
        Counts counting = counts;
        if (counting == null) {
            counting = new Counts(scope, own, worker);
            counts = counting;
        }
        return counting;
    }

    /** Envoy has no counter for this; it is listed once there is something to count. */
    void acceptFailed() {
        scope.counter("downstream_cx_accept_failed").cell(worker).inc();
    }

    /** Filters, loggers and transports of this listener that threw. */
    FilterFaults faults() {
        return faults;
    }
}
