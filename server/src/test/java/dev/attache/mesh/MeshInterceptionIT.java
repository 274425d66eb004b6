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
import java.util.EnumMap;
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
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two pods of one istiod whose traffic is intercepted, the real Envoy and Attache as the proxies of
 * both in turns: the same answers and log lines as with Envoy on both sides, where the pods have
 * addresses of IPv4 and where they have none but of IPv6. Istio's own filters are off, as Envoy
 * does not have them.
 *
 * <pre>
 *   client 10.31.0.11  --  10.31.0.12 server
 *            fd31::11  --  fd31::12
 * </pre>
 */
@Tag("conformance")
final class MeshInterceptionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** The pods' network. */
    private enum Family {
        V4("10.31.0.11", "10.31.0.12", "/24", "240.10.0.1", "127.0.0.6"),
        V6("fd31::11", "fd31::12", "/64", "fd10::1", "0:0:0:0:0:0:0:6");

        private final String client;
        private final String server;
        private final String prefix;
        private final String service;
        private final String inside;

        /**
         * @param service an address that only the mesh knows
         * @param inside what the application sees a proxy come from
         */
        Family(String client, String server, String prefix, String service, String inside) {
            this.client = client;
            this.server = server;
            this.prefix = prefix;
            this.service = service;
            this.inside = inside;
        }

        /** As Java prints it. */
        String seenClient() {
            return this == V4 ? client : "fd31:0:0:0:0:0:0:11";
        }

        Map<String, String> places() {
            return Map.of(
                    "http", service + " 80", "grpc", service + " 9090", "tcp", service + " 9000");
        }

        /** Ports of the server which no service has, but for the first. */
        List<String> more() {
            return List.of(
                    // A headless service, by its pod's address.
                    "http " + server + " 7946 GET /headless",
                    // Left alone at the server, so that it takes plain text.
                    "http " + server + " 15090 GET /excluded",
                    // Left alone at both.
                    "http " + server + " 15021 GET /direct",
                    // Left alone at the client only: plain text, where mutual TLS is a must.
                    "http " + server + " 8098 GET /plain",
                    // Nobody listens.
                    "http " + server + " 8099 GET /nobody");
        }
    }

    private static final TestCertificates AUTHORITY = TestCertificates.authority("CN=mesh");

    @TempDir private static Path directory;

    private static final Map<Family, Istiod> ISTIODS = new EnumMap<>(Family.class);

    @BeforeAll
    static void skipWhereThereCanBeNoPod() throws IOException {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
    }

    /** One that has been told of the pods. */
    private static Istiod istiod(Family family) throws Exception {
        Istiod known = ISTIODS.get(family);
        if (known != null) {
            return known;
        }
        Map<String, String> values =
                new HashMap<>(
                        Map.of("http", "80", "http.in", "8080", "grpc", "9090", "tcp", "9000"));
        values.putAll(Map.of("grpc.in", "9091", "tcp.in", "9001"));
        values.putAll(Map.of("client.address", family.client, "server.address", family.server));
        values.put("service.address", family.service);
        MeshObjects objects = new MeshObjects(name -> values.getOrDefault(name, ""));
        Map<String, Object> mesh = new HashMap<>(objects.read("mesh").getFirst());
        mesh.put("defaultProviders", Map.of());
        mesh.put("accessLogFile", "access.log");
        mesh.put("accessLogFormat", MeshWalk.LOG);
        Path work = Files.createDirectories(directory.resolve("istiod" + family));
        Istiod istiod = new FileIstiod(work, mesh, Map.of(), MeshWalk.WITHOUT_FILTERS);
        ISTIODS.put(family, istiod);
        assertThat(MeshWalk.tell(istiod, objects, "traffic-intercepted", family.server))
                .as(istiod.log())
                .isTrue();
        return istiod;
    }

    @AfterAll
    static void stop() {
        ISTIODS.values().forEach(Istiod::close);
        ISTIODS.clear();
    }

    @ParameterizedTest
    @CsvSource({"IPTABLES,V4", "TPROXY,V4", "EBPF,V4", "IPTABLES,V6", "TPROXY,V6"})
    void answersAlikeOnBothSides(Way way, Family family) throws Exception {
        try (MeshPod server = pod(way, family, "server", family.server, "web");
                MeshPod client = pod(way, family, "client", family.client, "client")) {
            connect(way, family, client, server);
            server.say("serve 9001 9091 8080 7946 15090 15021 8098");
            Map<String, List<String>> seen = new LinkedHashMap<>();
            for (Path theirs : List.of(Peers.envoy(), Peers.subject())) {
                for (Path ours : List.of(Peers.envoy(), Peers.subject())) {
                    String pair = theirs.getFileName() + "-to-" + ours.getFileName();
                    server.start(ours, pair);
                    client.start(theirs, pair);
                    seen.put(pair, walk(pair, family, client, server));
                }
            }
            List<String> expected = seen.values().iterator().next();
            judge(way, family, expected);
            seen.forEach((pair, lines) -> assertThat(lines).as(pair).isEqualTo(expected));
        }
    }

    private MeshPod pod(Way way, Family family, String name, String address, String app)
            throws Exception {
        String mode = way == Way.TPROXY ? "TPROXY" : "REDIRECT";
        MeshNode node =
                new MeshNode(
                        "sidecar",
                        address,
                        name,
                        "default",
                        Map.of("app", app),
                        Map.of("INTERCEPTION_MODE", mode));
        Path own =
                Files.createDirectories(directory.resolve("%s%s/%s".formatted(way, family, name)));
        Space space = Space.make(name, own);
        try {
            WorkloadSecrets secrets = new WorkloadSecrets(AUTHORITY, node.identity());
            return new MeshPod(node, space, way, own, istiod(family), secrets);
        } catch (IOException e) {
            space.close();
            throw e;
        }
    }

    private static void connect(Way way, Family family, MeshPod client, MeshPod server)
            throws Exception {
        client.space().cable(server.space(), "mesh0");
        for (MeshPod each : List.of(client, server)) {
            each.space().plug("mesh0", List.of(each.node().address() + family.prefix));
        }
        client.space().ip("route add default via " + family.server);
        way.install(client.space(), "1337", "-o", "8098,15021");
        way.install(server.space(), "1337");
    }

    private List<String> walk(String pair, Family family, MeshPod client, MeshPod server)
            throws Exception {
        MeshWalk walk = new MeshWalk(client::say, family.places(), UnaryOperator.identity());
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
        List<String> seen = new ArrayList<>(walk.answers(family.more()));
        for (MeshPod each : List.of(client, server)) {
            seen.addAll(walk.logged(each.node(), each.accessLog(pair)));
            each.stop();
        }
        return seen;
    }

    /** What two Envoys do shows that the pods are what they are meant to be. */
    private static void judge(Way way, Family family, List<String> lines) {
        String client = family.seenClient();
        String from = way == Way.TPROXY ? client : family.inside;
        assertThat(lines)
                .anyMatch(line -> line.contains("URI=spiffe://cluster.local/ns/default/sa/client"))
                .anyMatch(line -> line.startsWith("GET / ->") && line.contains("from " + from))
                .anyMatch(
                        line -> line.contains("GET /headless ->") && line.contains("from " + from))
                .anyMatch(line -> line.contains("GET /excluded ->") && line.contains(" 200 OK"))
                .anyMatch(
                        line -> line.contains("GET /direct ->") && line.contains("from " + client))
                .anyMatch(line -> line.contains("GET /plain ->") && !line.contains("200 OK"));
    }
}
