package dev.attache.testkit.filter;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpConnection;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.memory.MemoryHolder;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one exchange, where a codec would stand: writes down what comes, and tells
 * the stream when it is over. Loop-confined.
 */
final class ClientStream implements HttpStream, MemoryHolder {

    final Received response = new Received("response");
    final CountedValve input = new CountedValve("request");
    private final HttpConnection connection;
    private final MemoryAccount account;
    private @Nullable RequestSink request;
    private @Nullable WatermarkListener watermarks;
    private boolean requestEnded;
    private boolean closed;

    ClientStream(Connection connection, Protocol protocol) {
        this.connection = new ClientConnection(connection, protocol);
        this.account = connection.worker().memory().open(this);
    }

    /** Where the request goes. */
    void request(RequestSink sink) {
        request = sink;
    }

    /** The proxy has all of the request, or nothing more of it comes. */
    void requestEnded() {
        requestEnded = true;
        closeWhenDone();
    }

    /** Nothing goes in either direction any more. */
    boolean closed() {
        return closed;
    }

    /** The client has gone. */
    void left() {
        closed = true;
        response.reset(ResetReason.REMOTE_RESET);
    }

    void readsSlowly(boolean slowly) {
        WatermarkListener told = watermarks;
        if (told != null) {
            if (slowly) {
                told.onAboveHighWatermark();
            } else {
                told.onBelowLowWatermark();
            }
        }
    }

    private void closeWhenDone() {
        if (requestEnded && response.ended() && !closed) {
            close();
        }
    }

    private void close() {
        closed = true;
        RequestSink sink = request;
        if (sink != null) {
            sink.streamClosed();
        }
    }

    @Override
    public void informational(Headers headers) {
        if (!closed) {
            response.informational(headers);
        }
    }

    @Override
    public void headers(Headers headers, boolean end) {
        if (!closed) {
            // The proxy adds it, and it is another one each second.
            headers.remove(HeaderName.DATE);
            response.headers(headers, end);
            closeWhenDone();
        }
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        try {
            if (!closed) {
                response.data(chunk, end);
                closeWhenDone();
            }
        } finally {
            chunk.release();
        }
    }

    @Override
    public void trailers(Headers trailers) {
        if (!closed) {
            response.trailers(trailers);
            closeWhenDone();
        }
    }

    @Override
    public void reset(ResetReason why) {
        if (!closed) {
            response.reset(why);
            close();
        }
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public HttpConnection connection() {
        return connection;
    }

    @Override
    public Valve input() {
        return input;
    }

    @Override
    public void watermarks(@Nullable WatermarkListener listener) {
        watermarks = listener;
    }

    @Override
    public MemoryAccount account() {
        return account;
    }

    @Override
    public void chargeTo(MemoryAccount payer) {
        // Only the upstream's streams are.
    }

    @Override
    public @Nullable String codecDetails() {
        return null;
    }

    @Override
    public long wireBytesReceived() {
        return 0;
    }

    @Override
    public long wireBytesSent() {
        return 0;
    }

    @Override
    public long headerBytesReceived() {
        return 0;
    }

    @Override
    public long headerBytesSent() {
        return 0;
    }

    @Override
    public void shed() {
        throw new IllegalStateException("memory is never short here");
    }

    /** What carries it. */
    private record ClientConnection(Connection connection, Protocol protocol)
            implements HttpConnection {

        @Override
        public int activeStreams() {
            return 1;
        }

        @Override
        public void shutdownNotice() {
            // There are no further requests that it would keep away.
        }

        @Override
        public void goAway() {
            // As above.
        }
    }
}
