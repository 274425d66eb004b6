package dev.attache.filters.network.echo;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.network.NetworkFilter;
import io.netty.buffer.ByteBuf;

/** Sends every byte back; a client that does not read is not read from. Loop-confined. */
final class EchoFilter implements NetworkFilter.Terminal {

    private final Connection connection;

    EchoFilter(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void onNewConnection() {
        connection.enableHalfClose(true);
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        connection.write(data);
        if (end) {
            connection.shutdownOutput();
        }
    }

    @Override
    public void onAboveHighWatermark() {
        connection.input().hold();
    }

    @Override
    public void onBelowLowWatermark() {
        connection.input().release();
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        // Nothing is held.
    }
}
