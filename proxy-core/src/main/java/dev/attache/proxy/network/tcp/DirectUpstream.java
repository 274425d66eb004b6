package dev.attache.proxy.network.tcp;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;

/** A connection of the client's own. FIN and RST travel through. */
final class DirectUpstream implements TcpUpstream, ConnectionHandler {

    private final TcpProxy proxy;
    private final StreamInfo stream;
    private final Connection connection;
    private boolean left;

    DirectUpstream(TcpProxy proxy, StreamInfo stream, Connection connection) {
        this.proxy = proxy;
        this.stream = stream;
        this.connection = connection;
        connection.handler(this);
        connection.enableHalfClose(true);
        connection.delayedCloseTimeout(0);
    }

    @Override
    public void write(ByteBuf data) {
        connection.write(data);
    }

    @Override
    public void end() {
        connection.shutdownOutput();
    }

    @Override
    public Valve input() {
        return connection.input();
    }

    @Override
    public void downstreamClosed(ConnectionEvent event) {
        left = true;
        count();
        switch (event) {
            case REMOTE_RESET -> connection.close(CloseType.ABORT_RESET, null);
            // As in Envoy: who is sent away takes with him what has not gone out.
            case LOCAL_CLOSE -> connection.close(CloseType.NO_FLUSH, null);
            case REMOTE_CLOSE -> {
                if (connection.isOpen()) {
                    flush();
                }
            }
        }
    }

    /**
     * The client is gone; what it sent still goes out, as long as the server takes some of it
     * within each {@code idle_timeout}.
     */
    private void flush() {
        TcpProxyStats stats = proxy.stats();
        if (connection.channel().unsafe().outboundBuffer() != null
                && connection.bytesFlushed() < connection.bytesSent()) {
            stats.upstreamFlushTotal.inc();
            stats.upstreamFlushActive.inc();
            connection.channel().closeFuture().addListener(done -> stats.upstreamFlushActive.dec());
            connection.delayedCloseTimeout(proxy.idleMillis());
            connection.onDelayedCloseTimeout(stats.idleTimeout::inc);
        }
        connection.close(CloseType.FLUSH_WRITE, null);
    }

    @Override
    public void count() {
        UpstreamInfo info = stream.upstreamForWriting();
        info.wireBytesSent = connection.bytesSent();
        info.wireBytesReceived = connection.bytesReceived();
        info.detectedClose = connection.info().detectedClose();
        info.localCloseReason = connection.info().localCloseReason();
    }

    @Override
    public void giveUp(String reason) {
        connection.closeFor(CloseType.NO_FLUSH, reason);
    }

    // ---- what the connection says
    // ----------------------------------------------------------------

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (left) {
            data.release();
        } else {
            proxy.fromUpstream(data, end);
        }
    }

    @Override
    public void onAboveHighWatermark() {
        if (!left) {
            proxy.upstreamFull();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (!left) {
            proxy.upstreamDrained();
        }
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        if (!left) {
            proxy.upstreamClosed(event == ConnectionEvent.REMOTE_RESET);
        }
    }
}
