package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.pool.ConnectionWaiter;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.worker.JitteredTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clusters over real sockets and a real loop: H1 and TCP, failures, limits, leaks. */
final class ClusterSetIT extends ClusterCases {
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
}
