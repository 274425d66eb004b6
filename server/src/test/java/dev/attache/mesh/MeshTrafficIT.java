package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sidecars of one istiod, the real Envoy and Attache in both places, over mutual TLS: the same
 * answers and log lines as with Envoy on both sides. Istio's own filters are off, as Envoy does not
 * have them.
 */
@Tag("conformance")
final class MeshTrafficIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final MeshNode SERVER =
            new MeshNode(
                    "sidecar",
                    "127.0.0.12",
                    "server",
                    "default",
                    Map.of("app", "web"),
                    Map.of("INTERCEPTION_MODE", "NONE"));
    private static final MeshNode CLIENT =
            new MeshNode(
                    "sidecar",
                    "127.0.0.11",
                    "client",
                    "default",
                    Map.of("app", "client"),
                    Map.of("INTERCEPTION_MODE", "NONE"));

    private final TestCertificates authority = TestCertificates.authority("CN=mesh");
    private final Map<String, String> placeholders = new HashMap<>();

    @TempDir private Path directory;

    /** What the last look at a pair found missing. */
    private String missing = "";

    private int port(String name) {
        return Integer.parseInt(
                placeholders.computeIfAbsent(name, any -> String.valueOf(Ports.free())));
    }

    @Test
    void answersAlikeOnBothSides() throws Exception {
        placeholders.put("server.address", SERVER.address());
        placeholders.put("client.address", CLIENT.address());
        MeshObjects objects =
                new MeshObjects(name ->
                        name.endsWith("address")
                                ? placeholders.getOrDefault(name, "")
                                : String.valueOf(port(name)));
        Map<String, Object> mesh = new HashMap<>(objects.read("mesh").getFirst());
        mesh.put("defaultProviders", Map.of());
        mesh.put("accessLogFile", "access.log");
        mesh.put("accessLogFormat", MeshWalk.LOG);
        Path work = Files.createDirectories(directory.resolve("istiod"));
        try (MeshApplication application = new MeshApplication();
                WorkloadSecrets client = new WorkloadSecrets(authority, CLIENT.identity());
                WorkloadSecrets server = new WorkloadSecrets(authority, SERVER.identity());
                Istiod istiod = new FileIstiod(work, mesh, Map.of(), MeshWalk.WITHOUT_FILTERS)) {
            placeholders.put("http.app", String.valueOf(application.http()));
            placeholders.put("grpc.app", String.valueOf(application.grpc()));
            placeholders.put("tcp.app", String.valueOf(application.tcp()));
            assertThat(MeshWalk.tell(istiod, objects, "traffic-loopback", SERVER.address()))
                    .as(istiod.log())
                    .isTrue();
            Map<String, List<String>> seen = new LinkedHashMap<>();
            for (Path theirs : List.of(Peers.envoy(), Peers.subject())) {
                for (Path ours : List.of(Peers.envoy(), Peers.subject())) {
                    String pair = theirs.getFileName() + " to " + ours.getFileName();
                    seen.put(pair, walk(pair, theirs, ours, istiod, client, server));
                }
            }
            List<String> expected = seen.values().iterator().next();
            assertThat(expected).anyMatch(line -> line.contains("URI=" + CLIENT.identity()));
            seen.forEach((pair, lines) -> assertThat(lines).as(pair).isEqualTo(expected));
        }
    }

    private List<String> walk(
            String pair,
            Path clientBinary,
            Path serverBinary,
            Istiod istiod,
            WorkloadSecrets client,
            WorkloadSecrets server)
            throws Exception {
        Path work = Files.createDirectories(directory.resolve(pair.replace(' ', '-')));
        Map<String, String> places =
                Map.of(
                        "http",
                        "127.0.0.1 " + port("http"),
                        "grpc",
                        "127.0.0.1 " + port("grpc"),
                        "tcp",
                        "127.0.0.1 " + port("tcp"));
        MeshWalk walk = new MeshWalk(MeshCalls::call, places, this::withoutPorts);
        try (MeshProxies proxies = new MeshProxies(work, authority)) {
            proxies.start(serverBinary, SERVER, istiod, server, Ports.free());
            proxies.start(clientBinary, CLIENT, istiod, client, Ports.free());
            boolean serves = PeerProcess.eventually(PATIENCE, () -> serves(walk, proxies));
            assertThat(serves).as(() -> pair + ": " + fate(proxies)).isTrue();
            List<String> seen = new ArrayList<>(walk.answers(List.of()));
            for (MeshNode node : List.of(CLIENT, SERVER)) {
                seen.addAll(walk.logged(node, work.resolve(node.name() + "/access.log")));
            }
            return seen;
        }
    }

    private boolean serves(MeshWalk walk, MeshProxies proxies) {
        missing = proxies.ready() ? walk.lacking() : "ready";
        return missing.isEmpty();
    }

    private String withoutPorts(String text) {
        String result = text;
        for (var each : placeholders.entrySet()) {
            if (!each.getKey().endsWith("address")) {
                result = result.replaceAll("\\b" + each.getValue() + "\\b", each.getKey());
            }
        }
        return result;
    }

    /** What a pair that does not serve lacks, and what its proxies say. */
    private String fate(MeshProxies proxies) {
        StringBuilder told = new StringBuilder("lacks ").append(missing);
        for (MeshNode node : proxies.nodes()) {
            told.append("\n").append(node.name()).append(": ");
            try {
                told.append(proxies.log(node));
            } catch (IOException e) {
                told.append(e);
            }
            told.append("\n").append(proxies.admin(node, "/clusters"));
            told.append("\n").append(proxies.admin(node, "/listeners"));
        }
        return told.toString();
    }
}
