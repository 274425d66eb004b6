package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 1,000 configuration updates of all types under load: no request fails, and after the first 200
 * neither file descriptors nor memory grow with the updates.
 */
@Tag("conformance")
final class ConfigurationChurnIT {
    private static final int UPDATES = 1000;
    private static final int WARM = 200;
    private static final int CLIENTS = 4;
    private static final long PAUSE = 25;
    private static final long MEMORY_MIB = 96;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    void losesNothing(@TempDir Path directory) throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        Certificates certificates =
                new Certificates(Files.createDirectories(directory.resolve("keys")));
        SimpleCache<String> cache = new SimpleCache<>(node -> "all");
        Server server =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                        .addService(
                                new V3DiscoveryServer(cache).getAggregatedDiscoveryServiceImpl())
                        .build()
                        .start();
        Map<String, Object> quiet = Map.of("forget", true);
        try (Upstream a = new Upstream("a", quiet, certificates, new Normaliser());
                Upstream b = new Upstream("b", quiet, certificates, new Normaliser())) {
            ChurnResources resources = new ChurnResources(listener, List.of(a.port(0), b.port(0)));
            cache.setSnapshot("all", resources.snapshot(0));
            Path config =
                    Files.writeString(
                            directory.resolve("envoy.yaml"),
                            PeerBootstraps.ads(
                                    admin,
                                    server.getPort(),
                                    "GRPC",
                                    "{id: test-id, cluster: test}"));
            try (ProxyProcess proxy =
                    ProxyProcess.start(
                            Peers.subject(),
                            config,
                            directory,
                            admin,
                            List.of("--drain-time-s", "8"))) {
                judge(proxy, cache, resources, new Connector(certificates));
            }
        } finally {
            server.shutdownNow();
        }
    }

    private void judge(
            ProxyProcess proxy,
            SimpleCache<String> cache,
            ChurnResources resources,
            Connector connector)
            throws Exception {
        int port = resources.listenPort();
        assertThat(PeerProcess.eventually(Duration.ofSeconds(20), () -> !get(port).isEmpty()))
                .isTrue();
        List<Thread> clients =
                Stream.generate(() -> Thread.ofVirtual().start(() -> load(connector, port)))
                        .limit(CLIENTS)
                        .toList();
        long files = 0;
        long memory = 0;
        for (int n = 1; n <= UPDATES; n++) {
            cache.setSnapshot("all", resources.snapshot(n));
            Thread.sleep(PAUSE);
            if (n == WARM) {
                files = openFiles(proxy.pid());
                memory = residentMib(proxy.pid());
            }
        }
        String last = String.valueOf(UPDATES);
        boolean arrived =
                PeerProcess.eventually(Duration.ofSeconds(20), () -> get(port).equals(last));
        running.set(false);
        for (Thread client : clients) {
            client.join();
        }
        // What drains has eight seconds to go; then nothing of the updates may be left.
        long allowed = files + 8;
        boolean closed =
                PeerProcess.eventually(
                        Duration.ofSeconds(20), () -> openFiles(proxy.pid()) <= allowed);
        System.out.printf(
                "%d updates, %d requests, %d failures; open files %d -> %d, resident MiB %d -> %d%n",
                UPDATES,
                answered.get(),
                failures.size(),
                files,
                openFiles(proxy.pid()),
                memory,
                residentMib(proxy.pid()));
        assertThat(failures).isEmpty();
        assertThat(arrived).as("the last route is in force").isTrue();
        assertThat(answered.get()).isGreaterThan(UPDATES);
        assertThat(closed)
                .as("open files: %d, allowed %d", openFiles(proxy.pid()), allowed)
                .isTrue();
        assertThat(residentMib(proxy.pid())).isLessThan(memory + MEMORY_MIB);
    }

    /** Requests on kept connections; a new one where the proxy announces the end of the old one. */
    private void load(Connector connector, int port) {
        while (running.get()) {
            try (Socket socket = connector.open(port, Map.of())) {
                Http1Client client = new Http1Client(socket);
                boolean keep = true;
                while (keep && running.get()) {
                    String response = client.exchange(Map.of("path", "/load"), new Normaliser());
                    if (response.startsWith("HTTP/1.1 200 OK")) {
                        answered.incrementAndGet();
                    } else {
                        failures.add(response);
                    }
                    keep =
                            response.startsWith("HTTP/1.1 200")
                                    && !response.contains("connection: close");
                    Thread.sleep(2);
                }
            } catch (IOException | GeneralSecurityException e) {
                failures.add(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** The version that the answer carries, or an empty text. */
    private static String get(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(3000);
            String response =
                    new Http1Client(socket).exchange(Map.of("path", "/"), new Normaliser());
            return response.replaceFirst("(?s).*x-version: ([0-9]+)\n.*", "$1");
        } catch (IOException notYet) {
            return "";
        }
    }

    private static long openFiles(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long residentMib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
