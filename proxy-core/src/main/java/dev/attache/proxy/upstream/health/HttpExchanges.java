package dev.attache.proxy.upstream.health;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.pool.ClientCodec;
import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a probe over HTTP and the one exchange on it: what {@link HttpProbe} and {@link
 * GrpcProbe} have in common. Main thread.
 */
final class HttpExchanges {

    /** Whose exchanges they are. */
    interface Owner {

        /** There is a stream: write the request. */
        void onStream(HttpStream stream, boolean secure);

        void onHeaders(Headers headers, boolean end);

        /** Not to be released: the caller does. */
        void onData(ByteBuf data, boolean end);

        void onTrailers(Headers trailers);

        /** No connection, or the exchange was cut short. The exchange is over. */
        void onBroken();
    }

    private final HostCheck check;
    private final Function<Connection, Protocol> protocol;
    private final Owner owner;
    private @Nullable Link link;
    private @Nullable Exchange exchange;

    /**
     * @param protocol what is spoken on a connection
     */
    HttpExchanges(HostCheck check, Function<Connection, Protocol> protocol, Owner owner) {
        this.check = check;
        this.protocol = protocol;
        this.owner = owner;
    }

    /** Begins an exchange, on the connection of the last one if that is still good. */
    void begin() {
        Exchange next = new Exchange();
        exchange = next;
        Link present = link;
        if (present != null) {
            present.send(next);
            return;
        }
        Link opened = new Link();
        link = opened;
        opened.dial();
    }

    /**
     * The owner has its verdict.
     *
     * @param complete the response has come to its end; else the stream is reset
     */
    void end(boolean complete) {
        Exchange over = exchange;
        exchange = null;
        Link present = link;
        if (present == null) {
            return;
        }
        if (!check.cluster().spec().reuseConnection() || !present.reusable) {
            drop();
        } else if (!complete && over != null) {
            HttpStream stream = over.stream;
            if (stream == null) {
                drop();
            } else {
                stream.reset(ResetReason.LOCAL_RESET);
            }
        }
    }

    /** Closes the connection, and with it the exchange; the owner hears nothing. */
    void drop() {
        exchange = null;
        Link last = link;
        link = null;
        if (last != null) {
            last.abandon();
        }
    }

    private void broken(@Nullable Exchange which) {
        if (which != null && exchange == which) {
            exchange = null;
            owner.onBroken();
        }
    }

    /** One request and its response. */
    private final class Exchange implements HttpSink {
        private @Nullable HttpStream stream;

        private boolean current() {
            return exchange == this;
        }

        @Override
        public void informational(Headers headers) {
            // Says nothing of health.
        }

        @Override
        public void headers(Headers headers, boolean end) {
            if (current()) {
                owner.onHeaders(headers, end);
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            try {
                if (current()) {
                    owner.onData(chunk, end);
                }
            } finally {
                chunk.release();
            }
        }

        @Override
        public void trailers(Headers trailers) {
            if (current()) {
                owner.onTrailers(trailers);
            }
        }

        @Override
        public void reset(ResetReason why) {
            broken(this);
        }
    }

    /** One connection. */
    private final class Link
            implements Dialer.Listener, ConnectionHandler, ClientHttpConnection.Listener {
        private @Nullable Cancellable dialing;
        private @Nullable Connection connection;
        private @Nullable ClientCodec codec;
        private boolean reusable = true;
        private boolean secure;

        void dial() {
            var transport = check.transport();
            secure = transport.secure();
            Cancellable under =
                    check.cluster()
                            .dialing()
                            .dial(check.address(), transport, check.transportOptions(), this);
            if (connection == null) {
                dialing = under;
            }
        }

        @Override
        public void onConnected(Connection established) {
            dialing = null;
            connection = established;
            established.bufferLimit(check.cluster().bufferLimitBytes());
            ClientCodec opened =
                    check.cluster().codecs().open(protocol.apply(established), established, this);
            codec = opened;
            established.handler(this);
            opened.handler().onConnected();
            Exchange waiting = exchange;
            if (link == this && waiting != null) {
                send(waiting);
            }
        }

        @Override
        public void onDialFailed(boolean remote, @Nullable String transportFailureReason) {
            if (link == this) {
                link = null;
                broken(exchange);
            }
        }

        void send(Exchange next) {
            ClientCodec opened = codec;
            if (opened == null) {
                // Still connecting: onConnected sends it.
                return;
            }
            HttpStream stream = opened.http().newStream(next);
            next.stream = stream;
            owner.onStream(stream, secure);
        }

        void abandon() {
            Cancellable under = dialing;
            dialing = null;
            if (under != null) {
                under.cancel();
            }
            Connection established = connection;
            if (established != null) {
                // Later, because this may be amid an event of the connection.
                check.cluster()
                        .loop()
                        .eventLoop()
                        .execute(() -> established.close(CloseType.NO_FLUSH, null));
            }
        }

        private void useNoMore() {
            reusable = false;
            if (link == this && exchange == null) {
                drop();
            }
        }

        @Override
        public void onGoAway() {
            useNoMore();
        }

        @Override
        public void onMaxConcurrentStreams(long max) {
            // One is enough.
        }

        @Override
        public void onStreamEnd(HttpStream stream, boolean mayFollow) {
            if (!mayFollow) {
                useNoMore();
            }
        }

        @Override
        public void onConnectionError(String details) {
            Connection established = connection;
            if (established != null) {
                established.close(CloseType.NO_FLUSH, null);
            }
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            handler().onData(data, end);
        }

        @Override
        public void onReadComplete() {
            handler().onReadComplete();
        }

        @Override
        public void onAboveHighWatermark() {
            handler().onAboveHighWatermark();
        }

        @Override
        public void onBelowLowWatermark() {
            handler().onBelowLowWatermark();
        }

        private ConnectionHandler handler() {
            ClientCodec opened = codec;
            if (opened == null) {
                throw new IllegalStateException("event before the codec");
            }
            return opened.handler();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            boolean current = link == this;
            Exchange cut = current ? exchange : null;
            if (current) {
                link = null;
            }
            handler().onClosed(event);
            broken(cut);
        }
    }
}
