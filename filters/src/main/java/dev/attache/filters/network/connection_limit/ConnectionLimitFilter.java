package dev.attache.filters.network.connection_limit;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Counts its connection in, or keeps it from the filters behind until it is closed. Loop-confined.
 */
final class ConnectionLimitFilter implements NetworkFilter.Inspecting {

    private final ConnectionLimitSpec spec;
    private final ConnectionLimitStats stats;
    private final Connection connection;
    private @Nullable Timer delay;
    private boolean counted;
    private boolean stopped;

    ConnectionLimitFilter(
            ConnectionLimitSpec spec, ConnectionLimitStats stats, Connection connection) {
        this.spec = spec;
        this.stats = stats;
        this.connection = connection;
    }

    @Override
    public Status onNewConnection() {
        if (!spec.enabled()) {
            return Status.CONTINUE;
        }
        if (spec.tryOpen()) {
            counted = true;
            stats.activeConnections.inc();
            return Status.CONTINUE;
        }
        stopped = true;
        stats.limitedConnections.inc();
        if (spec.delayMillis() == 0) {
            close();
            return Status.STOP;
        }
        delay =
                new Timer() {
                    @Override
                    protected void expire() {
                        close();
                    }
                };
        connection.worker().timers().schedule(delay, spec.delayMillis());
        return Status.STOP;
    }

    @Override
    public Status onData(ByteBuf data, boolean end) {
        return stopped ? Status.STOP : Status.CONTINUE;
    }

    private void close() {
        connection.closeFor(CloseType.NO_FLUSH, "over_connection_limit");
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        if (delay != null) {
            delay.cancel();
        }
        if (counted) {
            counted = false;
            spec.closed();
            stats.activeConnections.dec();
        }
    }
}
