package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * HTTP connections of one worker to one host. HTTP/1 carries one request per connection, HTTP/2 as
 * many as both sides allow; with ALPN a connection becomes one or the other when it is there, and
 * is expected to carry one until then, as in Envoy.
 */
final class HttpPool extends ConnectionPool {

    /** What is spoken. */
    enum Kind {
        HTTP1,
        HTTP2,
        ALPN
    }

    private final Kind kind;
    private final UpstreamHttpSpec spec;

    HttpPool(HostPools owner, Kind kind, PoolKey key, TransportOptions dialOptions) {
        super(owner, key, dialOptions);
        this.kind = kind;
        this.spec = owner.context().spec().http();
    }

    /** Begins a stream at once or later. */
    Cancellable newStream(HttpSink response, StreamWaiter waiter) {
        PooledConnection connection = firstReady();
        if (connection == null) {
            return enqueue(new PendingStream(this, waiter, response, null));
        }
        if (!mayAttach()) {
            waiter.onFailure(PoolFailure.OVERFLOW, null, host());
            return Cancellable.DONE;
        }
        PoolLog.existing(connection.connection());
        book(connection);
        ((HttpConnection) connection).begin(response, waiter);
        openConnections();
        return Cancellable.DONE;
    }

    @Override
    PooledConnection newConnection() {
        long limit = kind == Kind.HTTP2 ? http2Limit() : 1;
        if (kind != Kind.ALPN) {
            Protocol protocol = kind == Kind.HTTP2 ? Protocol.HTTP2 : Protocol.HTTP11;
            count(protocol);
            context().codecs().announce(protocol);
        }
        return new HttpConnection(limit);
    }

    private long http2Limit() {
        return spec.http2().maxConcurrentStreams();
    }

    private void count(Protocol protocol) {
        context()
                .stats()
                .inc(
                        protocol == Protocol.HTTP2
                                ? ClusterCounter.UPSTREAM_CX_HTTP2_TOTAL
                                : ClusterCounter.UPSTREAM_CX_HTTP1_TOTAL);
    }

    private Protocol protocolOf(Connection connection) {
        return switch (kind) {
            case HTTP1 -> Protocol.HTTP11;
            case HTTP2 -> Protocol.HTTP2;
            case ALPN -> {
                TlsInfo tls = connection.info().tls();
                Protocol spoken =
                        tls != null && "h2".equals(tls.alpn()) ? Protocol.HTTP2 : Protocol.HTTP11;
                count(spoken);
                yield spoken;
            }
        };
    }

    /** One connection: stands between it and its codec to hear of its end. */
    private final class HttpConnection extends PooledConnection
            implements ConnectionHandler, ClientHttpConnection.Listener {

        private @Nullable ClientHttpConnection http;
        private @Nullable ConnectionHandler codec;
        private boolean brokenOff;
        private boolean multiplexed;
        private boolean resetHere;

        HttpConnection(long concurrentLimit) {
            super(HttpPool.this, concurrentLimit, spec.maxRequestsPerConnection());
        }

        @Override
        public void onDialling(long id) {
            super.onDialling(id);
            ClientLog.connecting(id);
        }

        @Override
        void adopt(Connection established) {
            ClientLog.connected(established);
            Protocol protocol = protocolOf(established);
            ClientCodec opened = context().codecs().open(protocol, established, this);
            http = opened.http();
            multiplexed = protocol.multiplexed();
            codec = opened.handler();
            concurrentLimit =
                    protocol == Protocol.HTTP2
                            ? Math.min(http2Limit(), opened.http().maxConcurrentStreams())
                            : 1;
            established.handler(this);
            opened.handler().onConnected();
        }

        void begin(HttpSink response, StreamWaiter waiter) {
            ClientHttpConnection client = http;
            Connection established = connection();
            if (client == null || established == null) {
                throw new IllegalStateException("stream on a connection that is not there");
            }
            HttpStream stream = client.newStream(response);
            waiter.onStream(stream, established, host());
        }

        @Override
        void attach(PendingStream pending) {
            StreamWaiter waiter = pending.stream;
            HttpSink response = pending.response;
            if (waiter == null || response == null) {
                throw new IllegalStateException("not an HTTP waiter");
            }
            begin(response, waiter);
        }

        @Override
        boolean hasIncompleteStreams() {
            return activeStreams > 0 || brokenOff;
        }

        @Override
        public void onBrokenOff() {
            brokenOff = true;
        }

        @Override
        long idleTimeoutMillis() {
            return spec.idleTimeoutMillis();
        }

        @Override
        long maxDurationMillis() {
            return spec.maxConnectionDuration().draw(context().worker());
        }

        // ---- from the codec ---------------------------------------------------------------------

        @Override
        public void onGoAway() {
            context().stats().inc(ClusterCounter.UPSTREAM_CX_CLOSE_NOTIFY);
            ClientLog.goAway(connection());
            drain(this);
        }

        @Override
        public void onMaxConcurrentStreams(long max) {
            onLimit(this, Math.min(http2Limit(), max));
        }

        @Override
        public void onStreamEnd(HttpStream stream, boolean reusable) {
            boolean endsConnection =
                    multiplexed
                            && activeStreams == 1
                            && !resetHere
                            && state != State.CLOSED
                            && (state == State.DRAINING || !reusable);
            resetHere = false;
            HttpPool.this.onStreamEnd(this, reusable);
            if (endsConnection) {
                // Envoy's codec takes a connection that is closed while it reads for broken.
                context().stats().inc(ClusterCounter.UPSTREAM_CX_PROTOCOL_ERROR);
            }
        }

        @Override
        public void onStreamReset(ResetReason why) {
            resetHere = why != ResetReason.REMOTE_RESET && why != ResetReason.REMOTE_RESET_NO_ERROR;
            ClusterCounter counter =
                    switch (why) {
                        case CONNECTION_TERMINATION,
                                LOCAL_CONNECTION_FAILURE,
                                REMOTE_CONNECTION_FAILURE,
                                CONNECTION_TIMEOUT ->
                                ClusterCounter.UPSTREAM_RQ_PENDING_FAILURE_EJECT;
                        case LOCAL_RESET, PROTOCOL_ERROR, OVERLOAD_MANAGER ->
                                ClusterCounter.UPSTREAM_RQ_TX_RESET;
                        case REMOTE_RESET -> ClusterCounter.UPSTREAM_RQ_RX_RESET;
                        case REMOTE_RESET_NO_ERROR -> ClusterCounter.UPSTREAM_RQ_RX_RESET_NO_ERROR;
                        case LOCAL_REFUSED_STREAM_RESET,
                                REMOTE_REFUSED_STREAM_RESET,
                                OVERFLOW,
                                CONNECT_ERROR,
                                HTTP1_PREMATURE_UPSTREAM_HALF_CLOSE ->
                                null;
                    };
            if (counter != null) {
                context().stats().inc(counter);
            }
        }

        @Override
        public void onConnectionError(String details) {
            context().stats().inc(ClusterCounter.UPSTREAM_CX_PROTOCOL_ERROR);
            ClientLog.dispatchError(connection(), details);
            close();
        }

        // ---- from the connection ----------------------------------------------------------------

        private ConnectionHandler codec() {
            ConnectionHandler present = codec;
            if (present == null) {
                throw new IllegalStateException("event before the codec");
            }
            return present;
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            codec().onData(data, end);
        }

        @Override
        public void onReadComplete() {
            codec().onReadComplete();
        }

        @Override
        public void onAboveHighWatermark() {
            context().stats().inc(ClusterCounter.UPSTREAM_FLOW_CONTROL_BACKED_UP_TOTAL);
            codec().onAboveHighWatermark();
        }

        @Override
        public void onBelowLowWatermark() {
            context().stats().inc(ClusterCounter.UPSTREAM_FLOW_CONTROL_DRAINED_TOTAL);
            codec().onBelowLowWatermark();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            ClientLog.disconnected(connection(), activeStreams);
            ended(event == ConnectionEvent.LOCAL_CLOSE);
            codec().onClosed(event);
        }
    }
}
