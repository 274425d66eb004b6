package dev.attache.proxy.router;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpConnection;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.RouteAction;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A terminated CONNECT ({@code connect_config}): a raw TCP connection in the form of an HTTP
 * stream, so that the router treats it like any other. The head is answered with 200 at once;
 * bodies are the bytes of the tunnel. Owned by one attempt; loop-confined.
 */
final class ConnectTunnel implements HttpStream, ConnectionHandler {

    private final Connection connection;
    private final HttpSink response;
    private @Nullable WatermarkListener watermarks;
    private final Carrier carrier = new Carrier();
    private boolean over;

    /** The route carries the bytes of a CONNECT (or POST) itself instead of passing it on. */
    static boolean isWanted(RouteAction.Forward action, Headers request) {
        RouteAction.Upgrade connect = action.upgrades().get("connect");
        if (connect == null || !connect.connectTerminates()) {
            return false;
        }
        String method = request.getOr(HeaderName.METHOD, "");
        return method.equals("CONNECT") || (connect.allowPost() && method.equals("POST"));
    }

    /** Takes the connection over. */
    ConnectTunnel(Connection connection, HttpSink response) {
        this.connection = connection;
        this.response = response;
        connection.handler(this);
        connection.enableHalfClose(true);
    }

    // ---- towards the upstream ----------------------------------------------------------------

    @Override
    public void headers(Headers request, boolean end) {
        Headers accepted = new Headers(MessagePart.RESPONSE, 32, 2);
        accepted.add(HeaderName.STATUS, "200");
        response.headers(accepted, false);
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        connection.write(chunk);
        if (end) {
            connection.shutdownOutput();
        }
    }

    @Override
    public void trailers(Headers trailers) {
        connection.shutdownOutput();
    }

    @Override
    public void informational(Headers headers) {
        throw new IllegalStateException("a request has no informational headers");
    }

    @Override
    public void reset(ResetReason why) {
        over = true;
        connection.close(CloseType.NO_FLUSH, null);
    }

    // ---- from the upstream -------------------------------------------------------------------

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        over |= end;
        response.data(data, end);
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        if (!over) {
            over = true;
            response.reset(ResetReason.CONNECTION_TERMINATION);
        }
    }

    @Override
    public void onAboveHighWatermark() {
        if (watermarks != null) {
            watermarks.onAboveHighWatermark();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (watermarks != null) {
            watermarks.onBelowLowWatermark();
        }
    }

    // ---- what the router asks ------------------------------------------------------------------

    @Override
    public long id() {
        return connection.info().id();
    }

    @Override
    public HttpConnection connection() {
        return carrier;
    }

    @Override
    public Valve input() {
        return connection.input();
    }

    @Override
    public void watermarks(@Nullable WatermarkListener listener) {
        watermarks = listener;
        if (listener != null && connection.isAboveHighWatermark()) {
            listener.onAboveHighWatermark();
        }
    }

    @Override
    public MemoryAccount account() {
        return connection.account();
    }

    @Override
    public void chargeTo(MemoryAccount payer) {
        connection.chargeTo(payer);
    }

    @Override
    public @Nullable String codecDetails() {
        return null;
    }

    @Override
    public long wireBytesReceived() {
        return connection.bytesReceived();
    }

    @Override
    public long wireBytesSent() {
        return connection.bytesSent();
    }

    @Override
    public long headerBytesReceived() {
        return 0;
    }

    @Override
    public long headerBytesSent() {
        return 0;
    }

    /** The connection as the router asks about it. */
    private final class Carrier implements HttpConnection {
        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public Protocol protocol() {
            return Protocol.HTTP11;
        }

        @Override
        public int activeStreams() {
            return over ? 0 : 1;
        }

        @Override
        public void shutdownNotice() {
            // TCP has no way to say it.
        }

        @Override
        public void goAway() {
            connection.close(CloseType.FLUSH_WRITE, null);
        }
    }
}
