package dev.attache.filters.istio.stats;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.Timer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection: counted as opened when its peer is known, or at its end; its bytes now and then.
 * Loop-confined.
 */
final class NetworkIstioStatsFilter implements NetworkFilter.Inspecting {
    private final OpenMetrics metrics;
    private final Reporter reporter;
    private final Connection connection;
    private @Nullable Control control;
    private @Nullable Timer report;

    /** Null as long as it is not counted as opened. */
    private @Nullable String @Nullable [] values;

    private long[] amounts = {};
    private long sent;
    private long received;

    NetworkIstioStatsFilter(OpenMetrics metrics, Reporter reporter, Connection connection) {
        this.metrics = metrics;
        this.reporter = reporter;
        this.connection = connection;
    }

    @Override
    public void attach(Control way) {
        control = way;
    }

    @Override
    public Status onNewConnection() {
        long millis = metrics.settings().reportMillis();
        if (millis > 0) {
            report =
                    new Timer() {
                        @Override
                        protected void expire() {
                            report(false);
                            connection.worker().timers().schedule(this, millis);
                        }
                    };
            connection.worker().timers().schedule(report, millis);
        }
        return Status.CONTINUE;
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        if (report != null) {
            report.cancel();
            report = null;
        }
        report(true);
    }

    private void report(boolean last) {
        StreamInfo info = Objects.requireNonNull(control).stream();
        FilterState state = state(info);
        @Nullable String[] known = values;
        if (known == null && (last || PeerLabels.isRead(reporter, state))) {
            known = open(info, state);
            values = known;
        }
        if (known == null) {
            return;
        }
        Series series = metrics.series(known);
        long sentNow = info.downstreamWireBytesSent;
        long receivedNow = info.downstreamWireBytesReceived;
        series.add(StandardMetric.TCP_SENT_BYTES_TOTAL, sentNow - sent, metrics);
        series.add(StandardMetric.TCP_RECEIVED_BYTES_TOTAL, receivedNow - received, metrics);
        sent = sentNow;
        received = receivedNow;
        if (last) {
            series.add(StandardMetric.TCP_CONNECTIONS_CLOSED_TOTAL, 1, metrics);
            series.custom(amounts, metrics);
        }
    }

    /** On the way out metadata exchange leaves the peer with the upstream connection. */
    private FilterState state(StreamInfo info) {
        UpstreamInfo upstream = reporter == Reporter.SOURCE ? info.upstream() : null;
        return upstream != null && upstream.filterState != null
                ? upstream.filterState
                : info.filterState();
    }

    private @Nullable String[] open(StreamInfo info, FilterState state) {
        @Nullable String[] filled = metrics.values();
        PeerLabels.Security security = metrics.peers().fill(filled, info, state, null);
        StandardLabel.REQUEST_PROTOCOL.set(filled, "tcp");
        OpenMetrics.flags(filled, info, security);
        FormatContext facts = FormatContext.of(info, null);
        metrics.evaluate(filled, facts);
        amounts = metrics.amounts(facts);
        metrics.series(filled).add(StandardMetric.TCP_CONNECTIONS_OPENED_TOTAL, 1, metrics);
        return filled;
    }
}
