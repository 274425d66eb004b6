package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.ServerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * SIGTERM under load with {@code --shutdown-drain-s}: HTTP/1, HTTP/2, gRPC streams and TCP. The
 * clients do what those of a mesh do: whoever balances the load asks {@code /ready} and sends
 * nothing new once that fails, kept connections go on until they are asked to leave.
 */
class ShutdownDrainIT {

    private static final String BOOTSTRAP =
            """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              listeners:
              - name: http
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - {match: {prefix: /direct}, direct_response: {status: 200, body: {inline_string: here}}}
                          - {match: {prefix: /}, route: {cluster: grpc, timeout: 0s}}
                      http_filters:
                      - name: router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
              - name: tcp
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: tcp
                      cluster: echo
              clusters:
              - name: grpc
                connect_timeout: 5s
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: {http2_protocol_options: {}}
                load_assignment: {cluster_name: grpc, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
              - name: echo
                connect_timeout: 5s
                load_assignment: {cluster_name: echo, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
            """;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Integer> forced = new LinkedBlockingQueue<>();
    private EchoService echo;
    private AttacheServer server;

    @BeforeEach
    void start() throws Exception {
        echo = keep(new EchoService());
        EchoSocket tcp = keep(new EchoSocket());
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(BOOTSTRAP.formatted(echo.port(), tcp.port()))
                        .concurrency(2)
                        .shutdownDrain(Duration.ofSeconds(20))
                        .build();
        server = keep(AttacheServer.start(options, forced::add));
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private int port(String listener) {
        return ((IpAddress) server.listenerAddresses().get(listener).getFirst()).port();
    }

    private boolean ready() {
        int admin = ((IpAddress) java.util.Objects.requireNonNull(server.adminAddress())).port();
        try (Http1Session session = new Http1Session(admin)) {
            return session.get("/ready").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void nothingThatRunsIsCut() throws Exception {
        AtomicInteger answeredWhileDraining = new AtomicInteger();
        CountDownLatch warm = new CountDownLatch(8);
        CountDownLatch leaving = new CountDownLatch(1);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(client(() -> http1(warm, leaving, answeredWhileDraining)));
        }
        clients.add(client(() -> tcp(warm, leaving, answeredWhileDraining)));
        clients.add(client(() -> tcp(warm, leaving, answeredWhileDraining)));
        clients.add(client(() -> unaryCalls(warm, leaving, answeredWhileDraining)));
        clients.add(client(() -> stream(warm, leaving, answeredWhileDraining)));
        assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();

        server.drainAndShutdown(143);
        await(() -> !ready());
        assertThat(server.state()).isEqualTo(ServerState.DRAINING);
        leaving.countDown();
        for (Thread client : clients) {
            assertThat(client.join(Duration.ofSeconds(30))).isTrue();
        }
        server.awaitClosed();
        assertThat(failures).isEmpty();
        assertThat(forced).isEmpty();
        assertThat(answeredWhileDraining.get()).isPositive();
    }

    @Test
    void aConnectionOnWhichNothingRunsLeavesByItself() throws Exception {
        try (Http1Session idle = new Http1Session(port("http"))) {
            assertThat(idle.get("/direct").close()).isFalse();
            server.drainAndShutdown(143);
            assertThat(idle.closedByPeer()).isTrue();
        }
        server.awaitClosed();
        assertThat(forced).isEmpty();
    }

    private Thread client(Client work) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        work.run();
                    } catch (Exception | AssertionError e) {
                        failures.add(e.toString());
                    }
                });
    }

    private interface Client {
        void run() throws Exception;
    }

    /** Requests on a kept connection, a new one after {@code connection: close}. */
    private void http1(CountDownLatch warm, CountDownLatch leaving, AtomicInteger late)
            throws IOException {
        Http1Session session = new Http1Session(port("http"));
        int done = 0;
        while (true) {
            boolean left = leaving.getCount() == 0;
            Http1Session.Answer answer = session.get("/direct");
            if (answer.status() != 200) {
                failures.add("HTTP/1: " + answer);
            }
            late.addAndGet(left ? 1 : 0);
            if (++done == 20) {
                warm.countDown();
            }
            if (answer.close() || left) {
                session.close();
                if (left) {
                    return;
                }
                session = new Http1Session(port("http"));
            }
        }
    }

    private void tcp(CountDownLatch warm, CountDownLatch leaving, AtomicInteger late)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port("tcp"))) {
            socket.setSoTimeout(10_000);
            for (int done = 0; done < 20 || leaving.getCount() > 0; done++) {
                socket.getOutputStream().write('a' + done % 26);
                int back = socket.getInputStream().read();
                if (back != 'a' + done % 26) {
                    failures.add("TCP: read " + back);
                    return;
                }
                if (done == 19) {
                    warm.countDown();
                }
            }
            socket.shutdownOutput();
            if (socket.getInputStream().read() != -1) {
                failures.add("TCP: bytes after the end");
            }
            late.incrementAndGet();
        }
    }

    private void unaryCalls(CountDownLatch warm, CountDownLatch leaving, AtomicInteger late)
            throws Exception {
        try (EchoService.Client calls = new EchoService.Client(port("http"))) {
            for (int done = 0; done < 20 || leaving.getCount() > 0; done++) {
                assertThat(calls.unary("x" + done)).isEqualTo("x" + done);
                if (done == 19) {
                    warm.countDown();
                }
            }
            late.incrementAndGet();
        }
    }

    /** One stream from before the signal until after readiness has failed. */
    private void stream(CountDownLatch warm, CountDownLatch leaving, AtomicInteger late)
            throws Exception {
        try (EchoService.Client calls = new EchoService.Client(port("http"));
                EchoService.Stream stream = calls.stream()) {
            for (int done = 0; done < 20 || leaving.getCount() > 0; done++) {
                assertThat(stream.exchange("s" + done)).isEqualTo("s" + done);
                if (done == 19) {
                    warm.countDown();
                }
            }
            assertThat(stream.exchange("last")).isEqualTo("last");
            assertThat(stream.finish()).isEqualTo("OK");
            late.incrementAndGet();
        }
    }

    private static void await(java.util.function.BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
