package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.interception.Space;
import dev.attache.interception.Way;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two pods of one istiod whose traffic is intercepted, the real Envoy and Attache as the proxies of
 * both in turns: the same answers and log lines as with Envoy on both sides. Istio's own filters
 * are off, as Envoy does not have them.
 *
 * <pre>
 *   client 10.31.0.11  --  10.31.0.12 server
 * </pre>
 */
@Tag("conformance")
final class MeshInterceptionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String CLIENT = "10.31.0.11";
    private static final String SERVER = "10.31.0.12";
    private static final Map<String, String> PLACES =
            Map.of("http", "240.10.0.1 80", "grpc", "240.10.0.1 9090", "tcp", "240.10.0.1 9000");

    /** Ports of the server which no service has, but for the first. */
    private static final List<String> MORE =
            List.of(
                    // A headless service, by its pod's address.
                    "http " + SERVER + " 7946 GET /headless",
                    // Left alone at the server, so that it takes plain text.
                    "http " + SERVER + " 15090 GET /excluded",
                    // Left alone at both.
                    "http " + SERVER + " 15021 GET /direct",
                    // Left alone at the client only: plain text, where mutual TLS is a must.
                    "http " + SERVER + " 8098 GET /plain",
                    // Nobody listens.
                    "http " + SERVER + " 8099 GET /nobody");

    private static final TestCertificates AUTHORITY = TestCertificates.authority("CN=mesh");

    @TempDir private static Path directory;

    private static Istiod istiod;

    @BeforeAll
    static void start() throws Exception {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        Map<String, String> values =
                new HashMap<>(
                        Map.of("http", "80", "http.in", "8080", "grpc", "9090", "tcp", "9000"));
        values.putAll(Map.of("grpc.in", "9091", "tcp.in", "9001"));
        values.putAll(Map.of("client.address", CLIENT, "server.address", SERVER));
        MeshObjects objects = new MeshObjects(name -> values.getOrDefault(name, ""));
        Map<String, Object> mesh = new HashMap<>(objects.read("mesh").getFirst());
        mesh.put("defaultProviders", Map.of());
        mesh.put("accessLogFile", "access.log");
        mesh.put("accessLogFormat", MeshWalk.LOG);
        Path work = Files.createDirectories(directory.resolve("istiod"));
        istiod = new FileIstiod(work, mesh, Map.of(), MeshWalk.WITHOUT_FILTERS);
        assertThat(MeshWalk.tell(istiod, objects, "traffic-intercepted", SERVER))
                .as(istiod.log())
                .isTrue();
    }

    @AfterAll
    static void stop() {
        if (istiod != null) {
            istiod.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IPTABLES", "TPROXY", "EBPF"})
    void answersAlikeOnBothSides(Way way) throws Exception {
        try (MeshPod server = pod(way, "server", SERVER, Map.of("app", "web"));
                MeshPod client = pod(way, "client", CLIENT, Map.of("app", "client"))) {
            connect(way, client, server);
            server.say("serve 9001 9091 8080 7946 15090 15021 8098");
            Map<String, List<String>> seen = new LinkedHashMap<>();
            for (Path theirs : List.of(Peers.envoy(), Peers.subject())) {
                for (Path ours : List.of(Peers.envoy(), Peers.subject())) {
                    String pair = theirs.getFileName() + "-to-" + ours.getFileName();
                    server.start(ours, pair);
                    client.start(theirs, pair);
                    seen.put(pair, walk(pair, client, server));
                }
            }
            List<String> expected = seen.values().iterator().next();
            judge(way, expected);
            seen.forEach((pair, lines) -> assertThat(lines).as(pair).isEqualTo(expected));
        }
    }

    private MeshPod pod(Way way, String name, String address, Map<String, String> labels)
            throws Exception {
        String mode = way == Way.TPROXY ? "TPROXY" : "REDIRECT";
        MeshNode node =
                new MeshNode(
                        "sidecar",
                        address,
                        name,
                        "default",
                        labels,
                        Map.of("INTERCEPTION_MODE", mode));
        Path own = Files.createDirectories(directory.resolve(way + "/" + name));
        Space space = Space.make(name, own);
        try {
            WorkloadSecrets secrets = new WorkloadSecrets(AUTHORITY, node.identity());
            return new MeshPod(node, space, way, own, istiod, secrets);
        } catch (IOException e) {
            space.close();
            throw e;
        }
    }

    private static void connect(Way way, MeshPod client, MeshPod server) throws Exception {
        client.space().cable(server.space(), "mesh0");
        for (MeshPod each : List.of(client, server)) {
            each.space().plug("mesh0", List.of(each.node().address() + "/24"));
        }
        client.space().ip("route add default via " + SERVER);
        way.install(client.space(), "1337", "-o", "8098,15021");
        way.install(server.space(), "1337");
    }

    private List<String> walk(String pair, MeshPod client, MeshPod server) throws Exception {
        MeshWalk walk = new MeshWalk(client::say, PLACES, UnaryOperator.identity());
        String[] lacking = {""};
        boolean serves =
                PeerProcess.eventually(
                        PATIENCE,
                        () -> {
                            lacking[0] =
                                    client.ready() && server.ready() ? walk.lacking() : "ready";
                            return lacking[0].isEmpty();
                        });
        assertThat(serves)
                .as(() -> pair + " lacks " + lacking[0] + client.fate() + server.fate())
                .isTrue();
        List<String> seen = new ArrayList<>(walk.answers(MORE));
        for (MeshPod each : List.of(client, server)) {
            seen.addAll(walk.logged(each.node(), each.accessLog(pair)));
            each.stop();
        }
        return seen;
    }

    /** What two Envoys do shows that the pods are what they are meant to be. */
    private static void judge(Way way, List<String> lines) {
        String from = way == Way.TPROXY ? CLIENT : "127.0.0.6";
        assertThat(lines)
                .anyMatch(line -> line.contains("URI=spiffe://cluster.local/ns/default/sa/client"))
                .anyMatch(line -> line.startsWith("GET / ->") && line.contains("from " + from))
                .anyMatch(
                        line -> line.contains("GET /headless ->") && line.contains("from " + from))
                .anyMatch(line -> line.contains("GET /excluded ->") && line.contains(" 200 OK"))
                .anyMatch(
                        line -> line.contains("GET /direct ->") && line.contains("from " + CLIENT))
                .anyMatch(line -> line.contains("GET /plain ->") && !line.contains("200 OK"));
    }
}
