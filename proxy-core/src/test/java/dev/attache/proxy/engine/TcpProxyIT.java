package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.tcp.TcpProxySpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.worker.JitteredTime;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The TCP proxy between real sockets. */
class TcpProxyIT {

    private final StatsStore stats = new StatsStore();
    private final Engine engine =
            new Engine(
                    EngineOptions.defaults(stats)
                            .withConcurrency(1)
                            .withDrain(new DrainControl(200, DrainControl.Strategy.IMMEDIATE)));
    private final DefaultEventLoop main = new DefaultEventLoop();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0);
        server.setSoTimeout(5000);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Leftovers.none(engine);
        server.close();
        main.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private Address upstream() {
        return IpAddress.parse("127.0.0.1", server.getLocalPort());
    }

    private SharedCluster cluster(String name, Address... addresses) throws Exception {
        List<EndpointSpec> endpoints = Arrays.stream(addresses).map(EndpointSpec::of).toList();
        ClusterSpec spec =
                ClusterSpec.named(name)
                        .endpoints(
                                LoadAssignment.of(
                                        name,
                                        List.of(
                                                new LocalityEndpoints(
                                                        Locality.NONE,
                                                        1,
                                                        0,
                                                        endpoints,
                                                        Metadata.EMPTY))))
                        .connectTimeoutMillis(2000)
                        .build();
        ClusterEnvironment environment =
                new ClusterEnvironment(
                        main,
                        1,
                        stats,
                        (host, family, servers, callback) ->
                                callback.onFailed(new IOException("no names here")),
                        Locality.NONE,
                        () -> HostSet.EMPTY,
                        engine::publishHosts);
        return main.submit(() -> SharedCluster.open(spec, environment, null)).get();
    }

    private TcpProxySpec proxy(long idleMillis, int attempts, String... clusters) {
        return new TcpProxySpec(
                "t",
                Arrays.stream(clusters)
                        .map(name -> new TcpProxySpec.WeightedCluster(name, 1, Metadata.EMPTY))
                        .toList(),
                Metadata.EMPTY,
                idleMillis,
                attempts,
                JitteredTime.OFF,
                List.of(),
                List.of(scope ->
                        entry ->
                                log.add(
                                        entry.info().flags(false)
                                                + " "
                                                + entry.info().bytesReceived
                                                + " "
                                                + entry.info().bytesSent
                                                + " "
                                                + entry.info().downstream().terminationDetails())),
                0,
                false,
                false,
                false,
                null,
                null);
    }

    private void serve(TcpProxySpec proxy, SharedCluster... clusters) {
        Map<String, SharedCluster> map = new HashMap<>();
        for (SharedCluster cluster : clusters) {
            map.put(cluster.spec().name(), cluster);
        }
        ListenerSpec listener = Listeners.listener("l").chain(Listeners.chain("c", proxy)).build();
        assertThat(
                        Publishing.publish(
                                        engine,
                                        new ProxySnapshot(1, Map.of("l", listener), Map.of(), map))
                                .failures())
                .isEmpty();
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(
                        "127.0.0.1",
                        ((IpAddress) engine.boundAddresses().get("l").getFirst()).port());
        socket.setSoTimeout(5000);
        return socket;
    }

    private String entry() throws InterruptedException {
        Awaiting.until(() -> !log.isEmpty(), "the log entry");
        return log.poll();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @org.junit.jupiter.api.RepeatedTest(5)
    void half_close_travels_both_ways() throws Exception {
        serve(proxy(0, 1, "a"), cluster("a", upstream()));
        try (Socket client = connect();
                Socket peer = server.accept()) {
            send(client, "question");
            client.shutdownOutput();
            assertThat(all(peer)).isEqualTo("question");
            send(peer, "answer");
            peer.shutdownOutput();
            assertThat(all(client)).isEqualTo("answer");
        }
        assertThat(entry()).isEqualTo("- 8 6 null");
        assertThat(stats.counter("tcp.t.downstream_cx_total").value()).isEqualTo(1);
        assertThat(stats.counter("tcp.t.downstream_cx_rx_bytes_total").value()).isEqualTo(8);
        assertThat(stats.counter("tcp.t.downstream_cx_tx_bytes_total").value()).isEqualTo(6);
    }

    @Test
    void the_server_may_end_first() throws Exception {
        serve(proxy(0, 1, "a"), cluster("a", upstream()));
        try (Socket client = connect();
                Socket peer = server.accept()) {
            send(peer, "banner");
            peer.shutdownOutput();
            assertThat(all(client)).isEqualTo("banner");
            send(client, "late");
            client.shutdownOutput();
            assertThat(all(peer)).isEqualTo("late");
        }
        assertThat(entry()).isEqualTo("- 4 6 null");
    }

    @Test
    void an_entry_may_be_written_when_the_connection_begins() throws Exception {
        serve(logAtStart(proxy(0, 1, "a")), cluster("a", upstream()));
        try (Socket client = connect();
                Socket peer = server.accept()) {
            assertThat(entry()).isEqualTo("- 0 0 null");
            send(client, "x");
            client.shutdownOutput();
            assertThat(all(peer)).isEqualTo("x");
            peer.shutdownOutput();
            assertThat(all(client)).isEmpty();
        }
        assertThat(entry()).isEqualTo("- 1 0 null");
    }

    private static TcpProxySpec logAtStart(TcpProxySpec spec) {
        return new TcpProxySpec(
                spec.statPrefix(),
                spec.clusters(),
                spec.metadataMatch(),
                spec.idleTimeoutMillis(),
                spec.maxConnectAttempts(),
                spec.maxDownstreamConnectionDuration(),
                spec.hashPolicies(),
                spec.accessLogs(),
                spec.accessLogFlushIntervalMillis(),
                true,
                spec.accessLogOnConnected(),
                spec.checkDrainClose(),
                spec.tunneling(),
                spec.backoff());
    }

    @Test
    void a_reset_travels_through() throws Exception {
        serve(proxy(0, 1, "a"), cluster("a", upstream()));
        try (Socket client = connect();
                Socket peer = server.accept()) {
            send(client, "x");
            assertThat(peer.getInputStream().read()).isEqualTo('x');
            client.setSoLinger(true, 0);
            client.close();
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> peer.getInputStream().read())
                    .isInstanceOf(java.net.SocketException.class);
        }
        assertThat(entry()).isEqualTo("- 1 0 null");
    }

    @Test
    void a_refused_connection_is_UF_and_URX() throws Exception {
        int dead;
        try (ServerSocket closed = new ServerSocket(0)) {
            dead = closed.getLocalPort();
        }
        serve(proxy(0, 2, "a"), cluster("a", IpAddress.parse("127.0.0.1", dead)));
        try (Socket client = connect()) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(entry()).isEqualTo("UF,URX 0 0 null");
        assertThat(stats.counter("cluster.a.upstream_cx_connect_fail").value()).isEqualTo(2);
        assertThat(stats.counter("cluster.a.upstream_cx_connect_attempts_exceeded").value())
                .isEqualTo(1);
    }

    @Test
    void no_host_is_UH_and_no_cluster_NC() throws Exception {
        serve(proxy(0, 1, "empty"), cluster("empty"));
        try (Socket client = connect()) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(entry()).startsWith("UH 0 0");
        serve(proxy(0, 1, "unknown"));
        try (Socket client = connect()) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(entry()).startsWith("NC 0 0");
        assertThat(stats.counter("tcp.t.downstream_cx_no_route").value()).isEqualTo(1);
    }

    @Test
    void silence_meets_the_idle_timeout() throws Exception {
        serve(proxy(100, 1, "a"), cluster("a", upstream()));
        try (Socket client = connect();
                Socket peer = server.accept()) {
            send(client, "x");
            assertThat(peer.getInputStream().read()).isEqualTo('x');
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(entry()).isEqualTo("- 1 0 null");
        assertThat(stats.counter("tcp.t.idle_timeout").value()).isEqualTo(1);
    }

    @Test
    void weights_share_connections_out() throws Exception {
        serve(proxy(0, 1, "a", "b"), cluster("a", upstream()), cluster("b"));
        int served = 0;
        for (int i = 0; i < 60; i++) {
            try (Socket client = connect()) {
                client.shutdownOutput();
                String entry = entry0(client);
                served += entry.startsWith("UH") ? 0 : 1;
            }
        }
        assertThat(served).isBetween(10, 50);
    }

    private String entry0(Socket client) throws Exception {
        server.setSoTimeout(1);
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (log.isEmpty() && System.nanoTime() < deadline) {
            try (Socket peer = server.accept()) {
                assertThat(peer.isConnected()).isTrue();
            } catch (java.net.SocketTimeoutException nobody) {
                assertThat(client.isConnected()).isTrue();
            }
        }
        return entry();
    }

    @Test
    void a_slow_reader_stops_the_writer_and_loses_nothing() throws Exception {
        serve(proxy(0, 1, "a"), cluster("a", upstream()));
        long total = 64L << 20;
        try (Socket client = connect();
                Socket peer = server.accept()) {
            AtomicLong written = new AtomicLong();
            Thread writer =
                    Thread.ofPlatform()
                            .start(() -> {
                                byte[] block = new byte[64 * 1024];
                                try {
                                    for (long n = 0; n < total; n += block.length) {
                                        peer.getOutputStream().write(block);
                                        written.addAndGet(block.length);
                                    }
                                    peer.shutdownOutput();
                                } catch (IOException e) {
                                    written.set(-1);
                                }
                            });
            Awaiting.until(
                    () ->
                            stats.counter("cluster.a.upstream_flow_control_paused_reading_total")
                                            .value()
                                    > 0,
                    "back-pressure");
            assertThat(written.get()).isBetween(1L, total / 2);
            InputStream in = client.getInputStream();
            byte[] block = new byte[256 * 1024];
            long read = 0;
            int n;
            while ((n = in.read(block)) >= 0) {
                read += n;
            }
            assertThat(read).isEqualTo(total);
            writer.join();
        }
    }
}
