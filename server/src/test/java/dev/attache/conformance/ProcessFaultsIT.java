package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a machine and its operator may do to the process: outputs that nobody reads, too few file
 * descriptors, SIGSTOP, SIGKILL. {@code -Dfaults.rounds=200} is the long run of the last.
 */
@Tag("conformance")
final class ProcessFaultsIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path directory;

    private Path config(String yaml) throws IOException {
        return Files.writeString(directory.resolve("envoy.yaml"), yaml);
    }

    @Test
    void outputsThatNobodyReadsHoldUpNothing() throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        String log =
                "access_log: [{name: %1$s, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog,"
                        + " path: %1$s}}]";
        String logs =
                log.formatted("/dev/stdout").replace("}]", "}, ")
                        + log.formatted(fifo).substring("access_log: [".length());
        Path config =
                config(
                        PeerBootstraps.forward(admin, listener, 0)
                                .replace(
                                        "stat_prefix: main\n",
                                        "stat_prefix: main\n          " + logs + "\n"));
        for (String shell : List.of("exec \"$@\"", "exec \"$@\" <&- >&- 2>&-")) {
            try (ChildProxy proxy = ChildProxy.start(shell, config, null, "-l", "trace")) {
                assertThat(ChildProxy.serves(listener, LONG)).isTrue();
                for (int i = 0; i < 300; i++) {
                    String path = "/" + "x".repeat(1000);
                    assertThat(ChildProxy.get(listener, path)).startsWith("HTTP/1.1 200");
                }
                assertThat(ChildProxy.get(admin, "/ready")).startsWith("HTTP/1.1 200");
                proxy.signal("TERM");
                assertThat(proxy.ends(Duration.ofSeconds(30))).isTrue();
                assertThat(proxy.exitCode()).isZero();
            }
        }
    }

    /** While it waits for its control plane, and while it drains. */
    @Test
    void aSignalEndsItInEveryState() throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        Path log = directory.resolve("proxy.log");
        Path waiting =
                config(
                        PeerBootstraps.ads(
                                admin, Ports.free(), "GRPC", "{id: test-id, cluster: test}"));
        try (ChildProxy proxy = ChildProxy.start("exec \"$@\"", waiting, log)) {
            assertThat(
                            PeerProcess.eventually(
                                    LONG,
                                    () -> ChildProxy.get(admin, "/ready").contains("INITIALIZING")))
                    .isTrue();
            proxy.signal("TERM");
            assertThat(proxy.ends(Duration.ofSeconds(30))).isTrue();
            assertThat(proxy.exitCode()).isZero();
        }
        Path serving = config(PeerBootstraps.forward(admin, listener, 0));
        try (ChildProxy proxy =
                        ChildProxy.start("exec \"$@\"", serving, log, "--shutdown-drain-s", "600");
                Socket early = connectOnceServed(listener)) {
            ChildProxy.send(early, "/", "keep-alive");
            assertThat(early.getInputStream().read()).isEqualTo('H');
            proxy.signal("TERM");
            assertThat(
                            PeerProcess.eventually(
                                    LONG,
                                    () -> ChildProxy.get(admin, "/ready").contains("DRAINING")))
                    .isTrue();
            proxy.signal("TERM");
            assertThat(proxy.ends(Duration.ofSeconds(30))).isTrue();
            assertThat(proxy.exitCode()).isEqualTo(143);
        }
    }

    /** The last line of defence, behind the budgets: not a process without a worker. */
    @Test
    void anExhaustedHeapEndsItWithALine() throws Exception {
        Path log = directory.resolve("proxy.log");
        Path config = config(PeerBootstraps.forward(Ports.free(), Ports.free(), 0));
        String tiny = "export ATTACHE_JAVA_OPTIONS='-Xmx4m -Xmn2m'; exec \"$@\"";
        try (ChildProxy proxy = ChildProxy.start(tiny, config, log)) {
            assertThat(proxy.ends(LONG)).isTrue();
            assertThat(proxy.exitCode()).as(text(log)).isEqualTo(3);
            assertThat(text(log)).contains("java.lang.OutOfMemoryError: Java heap space");
        }
    }

    @Test
    void withoutDescriptorsItServesOnAndRecovers() throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        Path log = directory.resolve("proxy.log");
        Path config = config(PeerBootstraps.forward(admin, listener, 0));
        List<Socket> held = new ArrayList<>();
        try (ChildProxy proxy = ChildProxy.start("ulimit -n 200; exec \"$@\"", config, log);
                Socket early = connectOnceServed(listener)) {
            for (int i = 0; i < 300; i++) {
                held.add(new Socket(InetAddress.getLoopbackAddress(), listener));
            }
            boolean said =
                    PeerProcess.eventually(
                            LONG, () -> text(log).contains("used up its 200 file descriptors"));
            assertThat(said).as(text(log)).isTrue();
            long before = proxy.ticks();
            ChildProxy.send(early, "/", "keep-alive");
            byte[] answer = new byte[12];
            assertThat(early.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .isEqualTo("HTTP/1.1 200");
            Thread.sleep(1_000);
            // A hundred ticks are a second: a loop that spins would have used most of them.
            assertThat(proxy.ticks() - before).isLessThan(60);
            for (Socket socket : held) {
                socket.close();
            }
            assertThat(ChildProxy.serves(listener, LONG)).isTrue();
            String counter = "listener.127.0.0.1_" + listener + ".downstream_cx_accept_failed";
            assertThat(ChildProxy.stat(admin, counter)).isPositive();
            assertThat(text(log).lines().filter(line -> line.contains("[error]"))).hasSize(1);
            assertThat(text(log)).doesNotContain("tail of the pipeline");
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static Socket connectOnceServed(int port) throws Exception {
        assertThat(ChildProxy.serves(port, LONG)).isTrue();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Health checks and outlier detection over a stop of four seconds, beside Envoy. */
    @Test
    void aStopOfSecondsEjectsNobody() throws Exception {
        HttpServer upstream =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        upstream.start();
        try {
            Stopped attache = stopped(Peers.subject(), upstream.getAddress().getPort());
            Stopped envoy = stopped(Peers.envoy(), upstream.getAddress().getPort());
            assertThat(attache.ejected()).isZero();
            assertThat(attache.healthy()).isEqualTo(1);
            assertThat(attache.failedChecks()).isLessThanOrEqualTo(envoy.failedChecks() + 1);
        } finally {
            upstream.stop(0);
        }
    }

    private record Stopped(long failedChecks, long healthy, long ejected) {}

    private Stopped stopped(Path binary, int upstream) throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        String checked =
                """
                    type: STATIC
                    outlier_detection: {consecutive_5xx: 1, consecutive_gateway_failure: 1, interval: 0.2s, max_ejection_percent: 100}
                    health_checks: [{timeout: 0.5s, interval: 0.1s, no_traffic_interval: 0.1s, unhealthy_threshold: 2, healthy_threshold: 1, http_health_check: {path: /}}]
                """;
        String yaml = PeerBootstraps.forward(admin, listener, upstream);
        int http2 = yaml.indexOf("    typed_extension_protocol_options");
        int next = yaml.indexOf("    load_assignment", http2);
        yaml = yaml.substring(0, http2) + yaml.substring(next);
        Path config = config(yaml.replace("    type: STATIC\n", checked));
        Path place = Files.createTempDirectory(directory, "run");
        try (ProxyProcess proxy = ProxyProcess.start(binary, config, place, admin, List.of())) {
            assertThat(PeerProcess.eventually(LONG, () -> stat(admin, "health_check.success") > 5))
                    .isTrue();
            assertThat(ChildProxy.serves(listener, LONG)).isTrue();
            kill("STOP", proxy.pid());
            Thread.sleep(4_000);
            kill("CONT", proxy.pid());
            assertThat(ChildProxy.get(listener, "/")).startsWith("HTTP/1.1 200");
            long seen = stat(admin, "health_check.success");
            assertThat(
                            PeerProcess.eventually(
                                    LONG, () -> stat(admin, "health_check.success") > seen + 5))
                    .as("timers go on")
                    .isTrue();
            return new Stopped(
                    stat(admin, "health_check.failure"),
                    stat(admin, "membership_healthy"),
                    stat(admin, "outlier_detection.ejections_active"));
        }
    }

    private static long stat(int admin, String name) {
        return ChildProxy.stat(admin, "cluster.up." + name);
    }

    private static void kill(String signal, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).start().waitFor();
    }

    /** The proxy first, then the control plane, and the other way round. */
    @Test
    void killedInEitherOrderItServesAgain() throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        int xds = Ports.free();
        Certificates keys = new Certificates(Files.createDirectories(directory.resolve("keys")));
        SimpleCache<String> cache = new SimpleCache<>(node -> "all");
        Path config =
                config(PeerBootstraps.ads(admin, xds, "GRPC", "{id: test-id, cluster: test}"));
        try (Upstream a = new Upstream("a", Map.of("forget", true), keys, new Normaliser());
                Upstream b = new Upstream("b", Map.of("forget", true), keys, new Normaliser())) {
            ChurnResources resources = new ChurnResources(listener, List.of(a.port(0), b.port(0)));
            cache.setSnapshot("all", resources.snapshot(0));
            Server control = control(cache, xds);
            try {
                for (int round = 0; round < Integer.getInteger("faults.rounds", 2); round++) {
                    control = round(round, config, listener, cache, control, xds);
                }
            } finally {
                control.shutdownNow();
            }
        }
    }

    private Server round(
            int round, Path config, int listener, SimpleCache<String> cache, Server before, int xds)
            throws Exception {
        boolean controlFirst = round % 2 == 0;
        Server control = before;
        Path log = directory.resolve("proxy-" + round + ".log");
        try (ChildProxy first = ChildProxy.start("exec \"$@\"", config, log)) {
            assertThat(ChildProxy.serves(listener, LONG)).as(text(log)).isTrue();
            if (controlFirst) {
                control.shutdownNow().awaitTermination();
                assertThat(ChildProxy.get(listener, "/")).startsWith("HTTP/1.1 200");
            }
            first.signal("KILL");
            assertThat(first.ends(LONG)).isTrue();
        }
        long start = System.nanoTime();
        try (ChildProxy second = ChildProxy.start("exec \"$@\"", config, log)) {
            if (controlFirst) {
                control = control(cache, xds);
            }
            assertThat(ChildProxy.serves(listener, LONG)).as(text(log)).isTrue();
            System.out.printf(
                    "round %d: served %d ms after the start%n",
                    round, (System.nanoTime() - start) / 1_000_000);
            if (!controlFirst) {
                control.shutdownNow().awaitTermination();
                assertThat(ChildProxy.get(listener, "/")).startsWith("HTTP/1.1 200");
                control = control(cache, xds);
            }
            second.signal("TERM");
            assertThat(second.ends(Duration.ofSeconds(30))).isTrue();
            assertThat(second.exitCode()).isZero();
        }
        return control;
    }

    private static Server control(SimpleCache<String> cache, int port) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .addService(new V3DiscoveryServer(cache).getAggregatedDiscoveryServiceImpl())
                .build()
                .start();
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }
}
