package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpConnection;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.RawClientTransportSpec;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.FakeWorker;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.stats.ClusterStats;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pools over connections that open, fail and end when the test says so. */
final class FakePoolContext implements PoolContext, Dialer {

    final FakeWorker worker = new FakeWorker();
    final StatsStore store = new StatsStore();
    final List<Dial> dials = new ArrayList<>();
    final List<FakeCodec> codecs = new ArrayList<>();
    final Host host =
            new Host(
                    EndpointSpec.of(IpAddress.parse("127.0.0.1", 80)),
                    IpAddress.parse("127.0.0.1", 80),
                    Locality.NONE,
                    0,
                    0);
    private final ClusterSpec spec;
    private final ClusterStats stats = new ClusterStats(store.scope("cluster.c."), 0);
    private final CircuitBreaker breaker;
    private final ClientTransport transport =
            new RawClientTransportSpec().open(store.scope("cluster.c."));

    FakePoolContext(ClusterSpec spec) {
        this.spec = spec;
        this.breaker =
                new BreakerCounts(spec.circuitBreakers(), store.scope("cluster.c."), 1)
                        .breaker(Priority.DEFAULT, 0);
    }

    /** One connection as the pool asked for it. */
    final class Dial implements Cancellable {
        final Listener listener;
        final TransportOptions options;
        final EmbeddedChannel channel = new EmbeddedChannel();
        boolean cancelled;

        Dial(Listener listener, TransportOptions options) {
            this.listener = listener;
            this.options = options;
        }

        void connect() {
            IpAddress address = IpAddress.parse("127.0.0.1", 80);
            Connection connection =
                    new Connection(
                            channel,
                            worker,
                            new ConnectionInfo(ConnectionInfo.nextId(), 0, 0, address, address),
                            new Nobody());
            connection.install();
            listener.onConnected(connection);
        }

        void peerCloses() {
            channel.close();
            channel.runPendingTasks();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static final class Nobody implements ConnectionHandler {
        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            throw new IllegalStateException("closed before the pool took it");
        }
    }

    /** A codec whose streams end when the test says so. */
    static final class FakeCodec implements ClientHttpConnection, ConnectionHandler {
        final Connection connection;
        final Protocol protocol;
        final ClientHttpConnection.Listener listener;
        final List<FakeStream> streams = new ArrayList<>();

        FakeCodec(
                Protocol protocol, Connection connection, ClientHttpConnection.Listener listener) {
            this.protocol = protocol;
            this.connection = connection;
            this.listener = listener;
        }

        void finish(int stream, boolean reusable) {
            listener.onStreamEnd(streams.remove(stream), reusable);
        }

        @Override
        public HttpStream newStream(HttpSink response) {
            FakeStream stream = new FakeStream(this, response);
            streams.add(stream);
            return stream;
        }

        @Override
        public long maxConcurrentStreams() {
            return protocol == Protocol.HTTP2 ? 1000 : 1;
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public Protocol protocol() {
            return protocol;
        }

        @Override
        public int activeStreams() {
            return streams.size();
        }

        @Override
        public void shutdownNotice() {}

        @Override
        public void goAway() {}

        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            while (!streams.isEmpty()) {
                streams.getFirst().response.reset(ResetReason.CONNECTION_TERMINATION);
                finish(0, false);
            }
        }
    }

    record FakeStream(FakeCodec codec, HttpSink response) implements HttpStream {
        @Override
        public long id() {
            return 1;
        }

        @Override
        public HttpConnection connection() {
            return codec;
        }

        @Override
        public Valve input() {
            throw new UnsupportedOperationException("not part of these tests");
        }

        @Override
        public void watermarks(@Nullable WatermarkListener listener) {}

        @Override
        public MemoryAccount account() {
            return codec.connection().account();
        }

        @Override
        public void chargeTo(MemoryAccount payer) {}

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
        public void informational(Headers headers) {}

        @Override
        public void headers(Headers headers, boolean end) {}

        @Override
        public void data(ByteBuf chunk, boolean end) {
            chunk.release();
        }

        @Override
        public void trailers(Headers trailers) {}

        @Override
        public void reset(ResetReason why) {}
    }

    @Override
    public Cancellable dial(
            Host to, ClientTransport over, TransportOptions options, Listener listener) {
        Dial dial = new Dial(listener, options);
        dials.add(dial);
        return dial;
    }

    @Override
    public WorkerContext worker() {
        return worker;
    }

    @Override
    public ClusterSpec spec() {
        return spec;
    }

    @Override
    public ClusterStats stats() {
        return stats;
    }

    @Override
    public CircuitBreaker breaker(Priority priority) {
        return breaker;
    }

    @Override
    public ClientTransport transport(Host to) {
        return transport;
    }

    @Override
    public Dialer dialer() {
        return this;
    }

    @Override
    public ClientCodec.Factory codecs() {
        return (protocol, connection, listener) -> {
            FakeCodec codec = new FakeCodec(protocol, connection, listener);
            codecs.add(codec);
            return new ClientCodec(codec, codec);
        };
    }
}
