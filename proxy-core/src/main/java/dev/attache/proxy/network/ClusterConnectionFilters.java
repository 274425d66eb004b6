package dev.attache.proxy.network;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The network filters of one cluster on one worker: they stand between each of its connections and
 * whoever uses that, a codec or a TCP proxy. Lives until the last connection has closed.
 * Loop-confined.
 */
public final class ClusterConnectionFilters implements OpenConnectionFilters {

    private static final FaultLog FAULTS = new FaultLog("filter");

    private final List<UpstreamNetworkFilters.Entry> configured;
    private final UpstreamNetworkFilterScope scope;
    private final FilterFaults faults;

    /** Of the first filters, as far as they have been opened; opened by the first connection. */
    private final List<UpstreamNetworkFilterSpec.Factory> factories = new ArrayList<>();

    private int connections;
    private boolean retired;

    public ClusterConnectionFilters(
            UpstreamNetworkFilters configured, UpstreamNetworkFilterScope scope) {
        this.configured = configured.filters();
        this.scope = scope;
        this.faults =
                new FilterFaults(
                        scope.stats(), "upstream_cx_filter_exception", scope.worker().index());
    }

    @Override
    public boolean admit(Connection established, Host host, ClusterSpec cluster) {
        connections++;
        List<FilterPump.Named> filters = new ArrayList<>(configured.size());
        for (int i = 0; i < configured.size(); i++) {
            if (!make(i, established, filters)) {
                gone();
                return false;
            }
        }
        FilterPump pump =
                new FilterPump(
                        established,
                        filters,
                        new User(established),
                        faults,
                        cluster.bufferLimitBytes());
        StreamInfo stream = pump.stream();
        host.describe(stream.upstreamForWriting());
        stream.clusterName = cluster.name();
        stream.clusterObservabilityName = cluster.altStatName();
        stream.clusterMetadata = cluster.metadata();
        established.stage(pump);
        pump.onNewConnection();
        if (established.isOpen()) {
            pump.onConnected();
        }
        return established.isOpen();
    }

    /** False, with the connection closed, where it cannot be made. */
    private boolean make(int index, Connection established, List<FilterPump.Named> filters) {
        UpstreamNetworkFilters.Entry entry = configured.get(index);
        String callback = "open";
        try {
            if (index == factories.size()) {
                factories.add(Objects.requireNonNull(entry.spec().open(scope)));
            }
            callback = "newFilter";
            NetworkFilter.Inspecting made = factories.get(index).newFilter(established);
            if (made != null) {
                filters.add(new FilterPump.Named(entry.name(), made));
            }
            return true;
        } catch (Throwable e) {
            established.close(CloseType.NO_FLUSH, FilterFaults.details(entry.name()));
            String cost = "its connection is closed";
            faults.record(established.info(), null, entry.name(), callback, cost, e);
            return false;
        }
    }

    private void gone() {
        connections--;
        closeWhenDone();
    }

    @Override
    public void retire() {
        retired = true;
        closeWhenDone();
    }

    private void closeWhenDone() {
        if (retired && connections == 0) {
            close();
        }
    }

    private void close() {
        for (int i = 0; i < factories.size(); i++) {
            try {
                factories.get(i).close();
            } catch (Throwable e) {
                Faults.contain(e);
                String name = configured.get(i).name();
                FAULTS.error("filter '" + name + "' threw when its cluster closed", e);
            }
        }
        factories.clear();
    }

    /** Whoever uses the connection at the moment. */
    private final class User implements NetworkFilter.Terminal {

        private final Connection connection;

        User(Connection connection) {
            this.connection = connection;
        }

        /** Its user comes when the filters have let it through, and knows that it is new. */
        @Override
        public void onNewConnection() {}

        @Override
        public void onConnected() {}

        @Override
        public void onData(ByteBuf data, boolean end) {
            connection.handler().onData(data, end);
        }

        @Override
        public void onReadComplete() {
            connection.handler().onReadComplete();
        }

        @Override
        public void onAboveHighWatermark() {
            connection.handler().onAboveHighWatermark();
        }

        @Override
        public void onBelowLowWatermark() {
            connection.handler().onBelowLowWatermark();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            try {
                connection.handler().onClosed(event);
            } finally {
                gone();
            }
        }
    }
}
