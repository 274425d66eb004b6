package dev.attache.proxy.network;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.pipeline.FilterOpenException;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The network filters of one cluster on one worker: they stand between each of its connections and
 * whoever uses that, a codec or a TCP proxy. Lives until the last connection has closed.
 * Loop-confined.
 */
public final class ClusterConnectionFilters implements OpenConnectionFilters {

    private static final FaultLog FAULTS = new FaultLog("filter");

    private final List<String> names = new ArrayList<>();
    private final List<UpstreamNetworkFilterSpec.Factory> factories = new ArrayList<>();
    private final FilterFaults faults;
    private int connections;
    private boolean retired;

    /**
     * @throws FilterOpenException if one cannot be opened; the others are closed again
     */
    public ClusterConnectionFilters(
            UpstreamNetworkFilters configured, UpstreamNetworkFilterScope scope) {
        this.faults =
                new FilterFaults(
                        scope.stats(), "upstream_cx_filter_exception", scope.worker().index());
        for (UpstreamNetworkFilters.Entry entry : configured.filters()) {
            try {
                factories.add(entry.spec().open(scope));
                names.add(entry.name());
            } catch (Throwable e) {
                close();
                throw FilterOpenException.of(entry.name(), e);
            }
        }
    }

    @Override
    public boolean admit(Connection established) {
        List<FilterPump.Named> filters = new ArrayList<>(factories.size());
        for (int i = 0; i < factories.size(); i++) {
            try {
                NetworkFilter.Inspecting made = factories.get(i).newFilter(established);
                filters.add(new FilterPump.Named(names.get(i), made));
            } catch (Throwable e) {
                established.close(CloseType.NO_FLUSH, FilterFaults.details(names.get(i)));
                faults.record(
                        established.info(),
                        null,
                        names.get(i),
                        "newFilter",
                        "its connection is closed",
                        e);
                return false;
            }
        }
        connections++;
        FilterPump pump = new FilterPump(established, filters, new User(established), faults, 0);
        established.stage(pump);
        pump.onNewConnection();
        if (established.isOpen()) {
            pump.onConnected();
        }
        return established.isOpen();
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
                FAULTS.error("filter '" + names.get(i) + "' threw when its cluster closed", e);
            }
        }
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
