package dev.attache.proxy.network.tcp;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatFamily;

/** {@code tcp.<prefix>.*} as one worker counts them. Loop-confined. */
final class TcpProxyStats {

    private static final StatFamily NOT_COUNTED =
            StatFamily.builder()
                    .counters("early_data_received_count_total", "route_delayed_total")
                    .gauges("downstream_cx_rx_bytes_buffered", "downstream_cx_tx_bytes_buffered")
                    .build();

    final Cell downstreamCxTotal;
    final Cell downstreamCxNoRoute;
    final Cell downstreamCxOverloadClose;
    final Cell downstreamCxDrainClose;
    final Cell downstreamCxRxBytesTotal;
    final Cell downstreamCxTxBytesTotal;
    final Cell downstreamFlowControlPausedReadingTotal;
    final Cell downstreamFlowControlResumedReadingTotal;
    final Cell idleTimeout;
    final Cell maxDownstreamConnectionDuration;
    final Cell upstreamFlushTotal;
    final Cell upstreamFlushActive;

    TcpProxyStats(Scope scope, int worker) {
        scope.declare(NOT_COUNTED);
        downstreamCxTotal = scope.counter("downstream_cx_total").cell(worker);
        downstreamCxNoRoute = scope.counter("downstream_cx_no_route").cell(worker);
        downstreamCxOverloadClose = scope.counter("downstream_cx_overload_close").cell(worker);
        downstreamCxDrainClose = scope.counter("downstream_cx_drain_close").cell(worker);
        downstreamCxRxBytesTotal = scope.counter("downstream_cx_rx_bytes_total").cell(worker);
        downstreamCxTxBytesTotal = scope.counter("downstream_cx_tx_bytes_total").cell(worker);
        downstreamFlowControlPausedReadingTotal =
                scope.counter("downstream_flow_control_paused_reading_total").cell(worker);
        downstreamFlowControlResumedReadingTotal =
                scope.counter("downstream_flow_control_resumed_reading_total").cell(worker);
        idleTimeout = scope.counter("idle_timeout").cell(worker);
        maxDownstreamConnectionDuration =
                scope.counter("max_downstream_connection_duration").cell(worker);
        upstreamFlushTotal = scope.counter("upstream_flush_total").cell(worker);
        upstreamFlushActive = scope.gauge("upstream_flush_active").cell(worker);
    }
}
