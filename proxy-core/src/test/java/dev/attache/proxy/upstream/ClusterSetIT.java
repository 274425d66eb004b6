package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.pool.ConnectionWaiter;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.worker.JitteredTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clusters over real sockets and a real loop: H1 and TCP, failures, limits, updates, leaks.
 *
 * <p>Longer than files here should be: all cases share one loop, its upstreams and its waiters,
 * which would have to move out first.
 */
@Timeout(60)
final class ClusterSetIT {

    private final RealWorker worker = new RealWorker();
    private final StatsStore stats = new StatsStore();
    private final ClusterSet clusters = new ClusterSet(worker, RedirectGuard.OFF, NoFilters.HERE);
    private final List<Http1Server> servers = new ArrayList<>();
    private final ClusterEnvironment environment =
            new ClusterEnvironment(
                    worker.eventLoop(),
                    1,
                    stats,
                    (name, family, resolvers, callback) ->
                            callback.onFailed(new IOException("no names here")),
                    Locality.NONE,
                    () -> HostSet.EMPTY,
                    (cluster, hosts) -> clusters.hosts(cluster, hosts));

    @AfterEach
    void nothingStays() throws Exception {
        worker.call(() -> {
            clusters.drain();
            return null;
        });
        worker.await("connections", () -> clusters.connections() == 0);
        worker.await("timers", () -> worker.timers().pending() == 0);
        for (Http1Server server : servers) {
            server.close();
        }
        worker.close();
    }

    /** Answers every request with its own port; closes after {@code x-close}. */
    private static final class Http1Server implements AutoCloseable {
        private final ServerSocket socket;
        private final AtomicInteger accepted = new AtomicInteger();
        private final List<Socket> open = new CopyOnWriteArrayList<>();

        /** Connections that the client or the test cut off. */
        private final List<IOException> troubles = new CopyOnWriteArrayList<>();

        private volatile @Nullable CompletableFuture<Void> gate;

        Http1Server() throws IOException {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket peer = socket.accept();
                    accepted.incrementAndGet();
                    open.add(peer);
                    Thread.ofVirtual().start(() -> serve(peer));
                }
            } catch (IOException closed) {
                assertThat(socket.isClosed()).isTrue();
            }
        }

        private void serve(Socket peer) {
            try (peer) {
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        peer.getInputStream(), StandardCharsets.ISO_8859_1));
                String line;
                boolean close = false;
                while ((line = in.readLine()) != null) {
                    close |= line.startsWith("x-close");
                    if (!line.isEmpty()) {
                        continue;
                    }
                    CompletableFuture<Void> waiting = gate;
                    if (waiting != null) {
                        waiting.join();
                    }
                    String body = Integer.toString(port());
                    String head =
                            "HTTP/1.1 200 OK\r\ncontent-length: "
                                    + body.length()
                                    + "\r\n"
                                    + (close ? "connection: close\r\n" : "")
                                    + "\r\n";
                    peer.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
                    if (close) {
                        return;
                    }
                }
            } catch (IOException clientIsGone) {
                troubles.add(clientIsGone);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket peer : open) {
                peer.close();
            }
        }
    }

    private Http1Server server() throws IOException {
        Http1Server server = new Http1Server();
        servers.add(server);
        return server;
    }

    private static LoadAssignment assignment(int... ports) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int port : ports) {
            endpoints.add(EndpointSpec.of(IpAddress.parse("127.0.0.1", port)));
        }
        return LoadAssignment.of(
                "c",
                List.of(new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Metadata.EMPTY)));
    }

    private SharedCluster add(ClusterSpec spec) throws Exception {
        return worker.call(() -> {
            SharedCluster shared = SharedCluster.open(spec, environment, null);
            clusters.put(shared);
            return shared;
        });
    }

    /** What became of one request. */
    private static final class Exchange implements HttpSink, StreamWaiter {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        private final StringBuilder body = new StringBuilder();
        private final @Nullable String extraHeader;
        private @Nullable Connection upstream;

        Exchange(@Nullable String extraHeader) {
            this.extraHeader = extraHeader;
        }

        @Override
        public void onStream(HttpStream request, Connection connection, Host host) {
            upstream = connection;
            Headers head = new Headers();
            head.add(HeaderName.METHOD, "GET");
            head.add(HeaderName.PATH, "/");
            head.add(HeaderName.SCHEME, "http");
            head.add(HeaderName.AUTHORITY, "c");
            if (extraHeader != null) {
                head.add(HeaderName.of(extraHeader), "1");
            }
            request.headers(head, true);
        }

        @Override
        public void onFailure(PoolFailure why, @Nullable String reason, Host host) {
            result.complete(why.name());
        }

        @Override
        public void informational(Headers headers) {}

        @Override
        public void headers(Headers headers, boolean end) {
            if (end) {
                result.complete("");
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            body.append(chunk.toString(StandardCharsets.US_ASCII));
            chunk.release();
            if (end) {
                result.complete(body.toString());
            }
        }

        @Override
        public void trailers(Headers trailers) {
            result.complete(body.toString());
        }

        @Override
        public void reset(ResetReason why) {
            result.complete(why.name());
        }
    }

    private Exchange start(String cluster, @Nullable String header) throws Exception {
        Exchange exchange = new Exchange(header);
        worker.call(() -> {
            Cluster chosen = clusters.cluster(cluster);
            assertThat(chosen).isNotNull();
            if (chosen.choose(PickContext.NONE) instanceof Host host) {
                chosen.newStream(
                        host,
                        Priority.DEFAULT,
                        Protocol.HTTP11,
                        TransportOptions.NONE,
                        0,
                        exchange,
                        exchange);
            } else {
                exchange.result.complete("NONE");
            }
            return null;
        });
        return exchange;
    }

    private String get(String cluster) throws Exception {
        return outcome(start(cluster, null));
    }

    /** Waits, and lets the loop finish the turn in which the last byte came. */
    private String outcome(Exchange exchange) throws Exception {
        String outcome = exchange.result.get(10, TimeUnit.SECONDS);
        worker.call(() -> null);
        return outcome;
    }

    private long counter(String name) {
        return stats.counter("cluster.c." + name).value();
    }

    private long gauge(String name) {
        return stats.gauge("cluster.c." + name).value();
    }

    @Test
    void reusesOneConnectionForRequestsInARow() throws Exception {
        Http1Server server = server();
        SharedCluster shared =
                add(ClusterSpec.named("c").endpoints(assignment(server.port())).build());
        for (int i = 0; i < 20; i++) {
            assertThat(get("c")).isEqualTo(Integer.toString(server.port()));
        }
        assertThat(server.accepted).hasValue(1);
        assertThat(counter("upstream_cx_total")).isEqualTo(1);
        assertThat(counter("upstream_cx_http1_total")).isEqualTo(1);
        assertThat(counter("upstream_rq_total")).isEqualTo(20);
        assertThat(counter("upstream_rq_pending_total")).isEqualTo(1);
        assertThat(gauge("upstream_rq_active")).isZero();
        assertThat(gauge("upstream_cx_active")).isEqualTo(1);
        assertThat(gauge("membership_healthy")).isEqualTo(1);
        assertThat(counter("upstream_cx_tx_bytes_total")).isPositive();
        assertThat(counter("upstream_cx_rx_bytes_total")).isPositive();
        Host host = shared.hosts().hosts().getFirst();
        assertThat(host.stat(HostCells.Stat.RQ_TOTAL)).isEqualTo(20);
        assertThat(host.stat(HostCells.Stat.RQ_ACTIVE)).isZero();
        assertThat(host.stat(HostCells.Stat.CX_ACTIVE)).isEqualTo(1);
    }

    @Test
    void opensAsManyConnectionsAsRequestsAtOnce() throws Exception {
        Http1Server server = server();
        server.gate = new CompletableFuture<>();
        add(ClusterSpec.named("c").endpoints(assignment(server.port())).build());
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            exchanges.add(start("c", null));
        }
        worker.await("five", () -> server.accepted.get() == 5);
        server.gate.complete(null);
        for (Exchange exchange : exchanges) {
            assertThat(outcome(exchange)).isEqualTo(Integer.toString(server.port()));
        }
        assertThat(counter("upstream_cx_total")).isEqualTo(5);
    }

    @Test
    void connectionCloseIsNotReused() throws Exception {
        Http1Server server = server();
        add(ClusterSpec.named("c").endpoints(assignment(server.port())).build());
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(start("c", "x-close"))).isEqualTo(Integer.toString(server.port()));
        }
        assertThat(server.accepted).hasValue(3);
        worker.await("closed", () -> gauge("upstream_cx_active") == 0);
    }

    @Test
    void maxRequestsPerConnectionEndsIt() throws Exception {
        Http1Server server = server();
        UpstreamHttpSpec d = UpstreamHttpSpec.DEFAULTS;
        add(
                ClusterSpec.named("c")
                        .endpoints(assignment(server.port()))
                        .http(
                                new UpstreamHttpSpec(
                                        d.protocol(),
                                        d.http1(),
                                        d.http2(),
                                        d.idleTimeoutMillis(),
                                        JitteredTime.OFF,
                                        2,
                                        0,
                                        false,
                                        false,
                                        null,
                                        RequestPolicies.NONE,
                                        null))
                        .build());
        for (int i = 0; i < 6; i++) {
            assertThat(get("c")).isEqualTo(Integer.toString(server.port()));
        }
        assertThat(server.accepted).hasValue(3);
        assertThat(counter("upstream_cx_max_requests")).isEqualTo(3);
    }

    @Test
    void refusedConnectionsAreRemoteFailures() throws Exception {
        int closed;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = unused.getLocalPort();
        }
        add(ClusterSpec.named("c").endpoints(assignment(closed)).build());
        assertThat(get("c")).isEqualTo(PoolFailure.REMOTE_CONNECTION_FAILURE.name());
        assertThat(counter("upstream_cx_connect_fail")).isEqualTo(1);
        assertThat(counter("upstream_cx_destroy_remote")).isEqualTo(1);
        assertThat(counter("upstream_rq_pending_failure_eject")).isEqualTo(1);
        assertThat(gauge("upstream_rq_pending_active")).isZero();
        assertThat(counter("upstream_rq_total")).isZero();
    }

    @Test
    void connectTimeoutEndsTheWait() throws Exception {
        // A backlog of one that nobody accepts from: the third connect hangs.
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket one = new Socket(deaf.getInetAddress(), deaf.getLocalPort());
                Socket two = new Socket(deaf.getInetAddress(), deaf.getLocalPort())) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            add(
                    ClusterSpec.named("c")
                            .endpoints(assignment(deaf.getLocalPort()))
                            .connectTimeoutMillis(100)
                            .build());
            assertThat(get("c")).isEqualTo(PoolFailure.TIMEOUT.name());
            assertThat(counter("upstream_cx_connect_timeout")).isEqualTo(1);
            assertThat(counter("upstream_cx_connect_fail")).isEqualTo(1);
        }
    }

    @Test
    void breakersRefuseWhatIsTooMuch() throws Exception {
        Http1Server server = server();
        server.gate = new CompletableFuture<>();
        Thresholds tight = new Thresholds(1, 1, 1024, 3, CircuitBreakerSpec.UNLIMITED, null, true);
        add(
                ClusterSpec.named("c")
                        .endpoints(assignment(server.port()))
                        .circuitBreakers(
                                new CircuitBreakerSpec(
                                        tight, Thresholds.DEFAULTS, CircuitBreakerSpec.UNLIMITED))
                        .build());
        Exchange first = start("c", null);
        worker.await("first", () -> gauge("upstream_rq_active") == 1);
        Exchange queued = start("c", null);
        Exchange refused = start("c", null);
        assertThat(outcome(refused)).isEqualTo("QUEUE_OVERFLOW");
        assertThat(counter("upstream_rq_pending_overflow")).isEqualTo(1);
        assertThat(counter("upstream_cx_overflow")).isEqualTo(1);
        assertThat(gauge("circuit_breakers.default.cx_open")).isEqualTo(1);
        assertThat(gauge("circuit_breakers.default.rq_pending_open")).isEqualTo(1);
        assertThat(gauge("circuit_breakers.default.remaining_cx")).isZero();
        server.gate.complete(null);
        assertThat(outcome(first)).isEqualTo("" + server.port());
        assertThat(outcome(queued)).isEqualTo("" + server.port());
        assertThat(gauge("circuit_breakers.default.rq_pending_open")).isZero();
        assertThat(server.accepted).hasValue(1);
    }

    @Test
    void requestLimitOfZeroRefusesWithActiveOverflow() throws Exception {
        Http1Server server = server();
        Thresholds none =
                new Thresholds(1024, 1024, 0, 3, CircuitBreakerSpec.UNLIMITED, null, false);
        add(
                ClusterSpec.named("c")
                        .endpoints(assignment(server.port()))
                        .circuitBreakers(
                                new CircuitBreakerSpec(
                                        none, Thresholds.DEFAULTS, CircuitBreakerSpec.UNLIMITED))
                        .build());
        assertThat(get("c")).isEqualTo("OVERFLOW");
        assertThat(counter("upstream_rq_active_overflow")).isEqualTo(1);
    }

    @Test
    void aDeadPeerResetsItsStream() throws Exception {
        Http1Server server = server();
        server.gate = new CompletableFuture<>();
        add(ClusterSpec.named("c").endpoints(assignment(server.port())).build());
        Exchange exchange = start("c", null);
        worker.await("active", () -> gauge("upstream_rq_active") == 1);
        worker.await("accepted", () -> server.open.size() == 1);
        for (Socket peer : server.open) {
            peer.close();
        }
        assertThat(outcome(exchange)).isEqualTo("CONNECTION_TERMINATION");
        worker.await("gone", () -> gauge("upstream_cx_active") == 0);
        assertThat(counter("upstream_cx_destroy_remote_with_active_rq")).isEqualTo(1);
        assertThat(gauge("upstream_rq_active")).isZero();
        server.gate.complete(null);
    }

    @Test
    void edsUpdatesKeepPoolsOfHostsThatStay() throws Exception {
        Http1Server stays = server();
        Http1Server leaves = server();
        SharedCluster shared =
                add(ClusterSpec.named("c").discovery(new DiscoverySpec.Eds("")).build());
        assertThat(worker.call(shared::warm)).isFalse();
        assertThat(get("c")).isEqualTo("NONE");
        worker.call(() -> assign(shared, assignment(stays.port(), leaves.port())));
        assertThat(worker.call(shared::warm)).isTrue();
        for (int i = 0; i < 10; i++) {
            get("c");
        }
        assertThat(gauge("upstream_cx_active")).isEqualTo(2);
        worker.call(() -> assign(shared, assignment(stays.port())));
        worker.await("one left", () -> gauge("upstream_cx_active") == 1);
        for (int i = 0; i < 10; i++) {
            assertThat(get("c")).isEqualTo(Integer.toString(stays.port()));
        }
        assertThat(stays.accepted).hasValue(1);
        assertThat(gauge("membership_total")).isEqualTo(1);
        worker.call(() -> assign(shared, assignment(stays.port())));
        assertThat(counter("update_no_rebuild")).isEqualTo(1);
    }

    private static @Nullable Void assign(SharedCluster shared, LoadAssignment assignment) {
        shared.assign(assignment);
        return null;
    }

    @Test
    void aRemovedHostFinishesWhatItHas() throws Exception {
        Http1Server server = server();
        server.gate = new CompletableFuture<>();
        SharedCluster shared =
                add(ClusterSpec.named("c").discovery(new DiscoverySpec.Eds("")).build());
        worker.call(() -> assign(shared, assignment(server.port())));
        Exchange exchange = start("c", null);
        worker.await("active", () -> gauge("upstream_rq_active") == 1);
        worker.call(() -> assign(shared, assignment()));
        server.gate.complete(null);
        assertThat(outcome(exchange)).isEqualTo("" + server.port());
        worker.await("gone", () -> gauge("upstream_cx_active") == 0);
        assertThat(get("c")).isEqualTo("NONE");
    }

    @Test
    void aNewVersionKeepsPoolsUnlessConnectionsDiffer() throws Exception {
        Http1Server server = server();
        ClusterSpec spec = ClusterSpec.named("c").endpoints(assignment(server.port())).build();
        SharedCluster first = add(spec);
        get("c");
        SharedCluster second =
                worker.call(() -> {
                    SharedCluster next =
                            SharedCluster.open(
                                    spec.toBuilder().cleanupIntervalMillis(1).build(),
                                    environment,
                                    first);
                    clusters.put(next);
                    first.close();
                    return next;
                });
        get("c");
        assertThat(server.accepted).hasValue(1);
        worker.call(() -> {
            clusters.put(
                    SharedCluster.open(
                            spec.toBuilder().bufferLimitBytes(1).build(), environment, second));
            second.close();
            return null;
        });
        worker.await("drained", () -> gauge("upstream_cx_active") == 0);
        get("c");
        assertThat(server.accepted).hasValue(2);
    }

    @Test
    void tcpConnectionsAreGivenAwayAndCounted() throws Exception {
        Http1Server server = server();
        add(ClusterSpec.named("c").endpoints(assignment(server.port())).build());
        CompletableFuture<String> answer = new CompletableFuture<>();
        worker.call(() -> {
            Cluster cluster = clusters.cluster("c");
            assertThat(cluster).isNotNull();
            Host host = (Host) cluster.choose(PickContext.NONE);
            cluster.newConnection(
                    host, Priority.DEFAULT, TransportOptions.NONE, new RawClient(answer));
            return null;
        });
        assertThat(answer.get(5, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 OK");
        worker.await("gone", () -> gauge("upstream_cx_active") == 0);
        assertThat(counter("upstream_rq_total")).isEqualTo(1);
        assertThat(gauge("upstream_rq_active")).isZero();
        assertThat(counter("upstream_cx_destroy_local")).isEqualTo(1);
    }

    private static final class RawClient implements ConnectionWaiter, ConnectionHandler {
        private final CompletableFuture<String> answer;
        private @Nullable Connection connection;

        RawClient(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        public void onConnection(Connection upstream, Host host) {
            connection = upstream;
            upstream.handler(this);
            upstream.write(
                    Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
        }

        @Override
        public void onFailure(PoolFailure why, @Nullable String reason, Host host) {
            answer.complete(why.name());
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            answer.complete(data.toString(StandardCharsets.US_ASCII));
            data.release();
            if (connection != null) {
                connection.close(CloseType.NO_FLUSH, null);
            }
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            answer.complete(event.name());
        }
    }

    @Test
    void originalDestinationIsItsOwnHost() throws Exception {
        Http1Server server = server();
        add(
                ClusterSpec.named("c")
                        .discovery(
                                new DiscoverySpec.OriginalDst(
                                        HeaderName.X_ENVOY_ORIGINAL_DST_HOST, 0, null))
                        .cleanupIntervalMillis(50)
                        .build());
        Exchange exchange = new Exchange("x-close");
        Headers headers = new Headers();
        headers.add(HeaderName.X_ENVOY_ORIGINAL_DST_HOST, "127.0.0.1:" + server.port());
        PickContext context =
                new PickContext() {
                    @Override
                    public Headers downstreamHeaders() {
                        return headers;
                    }
                };
        Address address =
                worker.call(() -> {
                    Cluster cluster = clusters.cluster("c");
                    assertThat(cluster).isNotNull();
                    Host host = (Host) cluster.choose(context);
                    cluster.newStream(
                            host,
                            Priority.DEFAULT,
                            Protocol.HTTP2,
                            TransportOptions.NONE,
                            0,
                            exchange,
                            exchange);
                    return host.address();
                });
        assertThat(address).hasToString("127.0.0.1:" + server.port());
        assertThat(outcome(exchange)).isEqualTo("" + server.port());
        assertThat(get("c")).isEqualTo("NONE");
        // Unused, it is forgotten, and with it the clean-up timer.
        worker.await("forgotten", () -> worker.timers().pending() == 0);
    }

    @Test
    void idleConnectionsClose() throws Exception {
        Http1Server server = server();
        UpstreamHttpSpec d = UpstreamHttpSpec.DEFAULTS;
        add(
                ClusterSpec.named("c")
                        .endpoints(assignment(server.port()))
                        .http(
                                new UpstreamHttpSpec(
                                        d.protocol(),
                                        d.http1(),
                                        d.http2(),
                                        60,
                                        JitteredTime.OFF,
                                        0,
                                        0,
                                        false,
                                        false,
                                        null,
                                        RequestPolicies.NONE,
                                        null))
                        .build());
        get("c");
        worker.await("idle", () -> gauge("upstream_cx_active") == 0);
        assertThat(counter("upstream_cx_idle_timeout")).isEqualTo(1);
    }

    @Test
    void anEjectedHostGetsNothingAndLosesItsConnections() throws Exception {
        Http1Server good = server();
        Http1Server bad = server();
        OutlierSpec d = OutlierSpec.DEFAULTS;
        OutlierSpec eager =
                new OutlierSpec(
                        100,
                        300,
                        300,
                        0,
                        50,
                        false,
                        5,
                        100,
                        5,
                        0,
                        false,
                        5,
                        100,
                        d.successRate(),
                        d.failurePercentage(),
                        true,
                        false);
        SharedCluster shared =
                add(
                        ClusterSpec.named("c")
                                .endpoints(assignment(good.port(), bad.port()))
                                .outlier(eager)
                                .build());
        for (int i = 0; i < 4; i++) {
            get("c");
        }
        assertThat(gauge("upstream_cx_active")).isEqualTo(2);
        Host failing = shared.hosts().hosts().get(1);
        worker.call(() -> {
            for (int i = 0; i < 5; i++) {
                failing.monitor().onResponse(0, 500);
            }
            return null;
        });
        worker.await("drained", () -> gauge("upstream_cx_active") == 1);
        assertThat(failing.healthFlagsText()).isEqualTo("/failed_outlier_check");
        assertThat(gauge("membership_healthy")).isEqualTo(1);
        assertThat(get("c")).isEqualTo(Integer.toString(good.port()));
        worker.await("back", () -> gauge("membership_healthy") == 2);
        worker.call(() -> {
            shared.close();
            return null;
        });
    }

    private ClusterSpec http2(int port) {
        return ClusterSpec.named("c")
                .endpoints(assignment(port))
                .http(UpstreamHttpSpec.DEFAULTS.withProtocol(UpstreamHttpSpec.ProtocolChoice.HTTP2))
                .build();
    }

    @Test
    void http2SharesOneConnection() throws Exception {
        try (Http2Upstream server = new Http2Upstream(100)) {
            server.holdAnswers();
            add(http2(server.port()));
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                exchanges.add(start("c", null));
            }
            worker.await("all there", () -> server.waiting() == 20);
            server.answerAll();
            for (Exchange exchange : exchanges) {
                assertThat(outcome(exchange)).isEqualTo("h2");
            }
            assertThat(server.peers()).hasSize(1);
            assertThat(counter("upstream_cx_http2_total")).isEqualTo(1);
            assertThat(gauge("upstream_rq_active")).isZero();
        }
    }

    @Test
    void http2OpensAnotherWhereThePeersLimitIsReached() throws Exception {
        try (Http2Upstream server = new Http2Upstream(2)) {
            add(http2(server.port()));
            assertThat(get("c")).isEqualTo("h2");
            server.holdAnswers();
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                exchanges.add(start("c", null));
            }
            // No more than the second connection can take: it serves before its SETTINGS are here.
            worker.await("limit", () -> server.waiting() == 4);
            server.answerAll();
            for (Exchange exchange : exchanges) {
                assertThat(outcome(exchange)).isEqualTo("h2");
            }
            assertThat(server.peers()).hasSize(2);
        }
    }

    @Test
    void goAwayMovesNewStreamsElsewhere() throws Exception {
        try (Http2Upstream server = new Http2Upstream(100)) {
            server.holdAnswers();
            add(http2(server.port()));
            Exchange old = start("c", null);
            worker.await("there", () -> server.waiting() == 1);
            server.peers().getFirst().goAway();
            worker.await("told", () -> counter("upstream_cx_close_notify") == 1);
            Exchange fresh = start("c", null);
            worker.await("second", () -> server.waiting() == 2);
            server.answerAll();
            assertThat(outcome(old)).isEqualTo("h2");
            assertThat(outcome(fresh)).isEqualTo("h2");
            assertThat(server.peers()).hasSize(2);
            worker.await("old one closed", () -> gauge("upstream_cx_active") == 1);
        }
    }
}
