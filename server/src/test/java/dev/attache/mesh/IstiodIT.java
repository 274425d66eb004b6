package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stock istiods with Helm's defaults: whatever they send to sidecars, gateways and waypoints is
 * taken, for every kind of object, one after another and all together.
 */
@Tag("conformance")
final class IstiodIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, Object> NETWORKS =
            Map.of(
                    "networks",
                    Map.of(
                            "far",
                            Map.of(
                                    "endpoints",
                                    List.of(Map.of("fromRegistry", "far")),
                                    "gateways",
                                    List.of(Map.of("address", "127.0.0.60", "port", 15443)))));

    private final TestCertificates authority = TestCertificates.authority("CN=mesh");
    private final Map<String, String> placeholders = new HashMap<>();
    private final MeshObjects objects = new MeshObjects(this::placeholder);
    private final List<String> refused = new ArrayList<>();
    private int marker = 20_000;

    @TempDir private Path directory;

    private String placeholder(String name) {
        return placeholders.computeIfAbsent(name, any -> String.valueOf(Ports.free()));
    }

    private void certificates() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("certs"));
        TestCertificates.Issued leaf = authority.leaf("CN=gateway").dns("simple.test").issue();
        Files.write(folder.resolve("root.pem"), authority.pem());
        Files.write(folder.resolve("cert.pem"), leaf.chainPem());
        Files.write(folder.resolve("key.pem"), leaf.keyPem());
        placeholders.put("certs", folder.toString());
        placeholders.put("hash", "ab".repeat(32));
        for (String each : List.of("root", "cert", "key")) {
            byte[] content = Files.readAllBytes(folder.resolve(each + ".pem"));
            placeholders.put(each + ".base64", Base64.getEncoder().encodeToString(content));
        }
    }

    @Test
    void aloneWithFiles() throws Exception {
        certificates();
        try (Istiod istiod =
                new FileIstiod(
                        Files.createDirectories(directory.resolve("istiod")),
                        objects.read("mesh").getFirst(),
                        NETWORKS,
                        Map.of())) {
            judge(
                    istiod,
                    "base",
                    List.of("kinds"),
                    List.of(MeshNode.sidecar(), MeshNode.transparent(), MeshNode.gateway()));
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void onKubernetes() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(KubernetesServers.program("kube-apiserver")),
                "Kubernetes' API server is not installed: run .ci/peers/kube.sh");
        certificates();
        int webhooks = Ports.free();
        IstioChart chart = new IstioChart(objects);
        try (KubernetesServers kubernetes =
                new KubernetesServers(Files.createDirectories(directory.resolve("kubernetes")))) {
            kubernetes.api().apply(chart.definitions());
            kubernetes.api().apply(chart.install(webhooks, NETWORKS));
            Path work = directory.resolve("istiod");
            try (Istiod istiod = new KubernetesIstiod(work, kubernetes, webhooks, Map.of())) {
                judge(
                        istiod,
                        "base",
                        List.of("kinds", "kinds-kubernetes"),
                        List.of(MeshNode.sidecar(), MeshNode.transparent(), MeshNode.gateway()));
            }
            // Every kind from above is still there. One sidecar does not tunnel, and is sent
            // tunnels.
            Map<String, String> ambient = Map.of("PILOT_ENABLE_AMBIENT", "true");
            try (Istiod istiod = new KubernetesIstiod(work, kubernetes, webhooks, ambient)) {
                judge(
                        istiod,
                        "ambient",
                        List.of("kinds-ambient"),
                        List.of(
                                MeshNode.tunnelling(),
                                MeshNode.transparent(),
                                MeshNode.gateway(),
                                MeshNode.waypoint()));
            }
        }
        assertThat(refused).isEmpty();
    }

    private void judge(Istiod istiod, String ground, List<String> folders, List<MeshNode> nodes)
            throws Exception {
        List<Map<String, Object>> base = objects.read(ground);
        istiod.apply(base);
        try (MeshProxies proxies =
                new MeshProxies(Files.createDirectories(directory.resolve("proxies")), authority)) {
            for (MeshNode node : nodes) {
                proxies.start(Peers.subject(), node, istiod);
            }
            keep("stock", pushed(proxies, istiod));
            List<String> kinds = new ArrayList<>();
            for (String folder : folders) {
                kinds.addAll(MeshObjects.names(folder));
            }
            for (String kind : kinds) {
                List<Map<String, Object>> step = objects.read(kind);
                istiod.apply(step);
                keep(kind, pushed(proxies, istiod));
                istiod.delete(step);
            }
            for (String kind : kinds) {
                istiod.apply(objects.read(kind));
            }
            keep("all together", pushed(proxies, istiod));
            refused.addAll(proxies.refusals());
            assertThat(PeerProcess.eventually(PATIENCE, proxies::ready)).isTrue();
            if (MeshStream.WRITTEN) {
                record(istiod, ground, nodes);
            }
            if (ground.equals("base")) {
                exceptions(proxies, istiod);
                istiod.delete(objects.read("excepted"));
            }
        }
    }

    private void keep(String step, List<String> lines) {
        lines.forEach(line -> refused.add(step + ": " + line));
    }

    /** Keeps what istiod says now to each of them as a new proxy. */
    private void record(Istiod istiod, String ground, List<MeshNode> nodes) throws Exception {
        for (MeshNode node : nodes) {
            for (String manner : List.of("DELTA_GRPC", "GRPC")) {
                if (!MeshStream.wanted(istiod.version(), ground, node, manner)) {
                    continue;
                }
                Path work = Files.createDirectories(directory.resolve(ground + manner));
                try (RecordingRelay relay = new RecordingRelay(istiod.xds());
                        MeshProxies proxies = new MeshProxies(work, authority)) {
                    proxies.start(Peers.subject(), node, istiod, manner, relay.port());
                    assertThat(PeerProcess.eventually(PATIENCE, proxies::ready)).isTrue();
                    assertThat(PeerProcess.eventually(PATIENCE, relay::quiet)).isTrue();
                    MeshStream.write(istiod.version(), ground, node, manner, relay.responses());
                }
            }
        }
    }

    /** What is not built is refused, by its name and alone. */
    private void exceptions(MeshProxies proxies, Istiod istiod) throws Exception {
        istiod.apply(objects.read("excepted"));
        List<String> names = List.of("network.mongo_proxy'", "network.redis_proxy'", "http.wasm'");
        List<String> lines = pushed(proxies, istiod);
        // istiod keeps the beginning of what it is told.
        assertThat(lines)
                .filteredOn(line -> !line.endsWith("(truncated)"))
                .allMatch(line -> names.stream().anyMatch(line::contains));
        for (String name : names) {
            assertThat(lines).anyMatch(line -> line.contains(name));
        }
    }

    /** Waits until a change has reached the proxies; what they refused. */
    private List<String> pushed(MeshProxies proxies, Istiod istiod) throws Exception {
        Map<String, Istiod.Sync> before = istiod.syncs();
        placeholders.put("marker", String.valueOf(++marker));
        istiod.apply(objects.read("marker"));
        String cluster = "outbound|" + marker + "||marker.test::";
        return proxies.settle(
                istiod,
                before,
                () ->
                        proxies.nodes().stream()
                                .filter(node -> !node.type().equals("waypoint"))
                                .allMatch(node ->
                                        proxies.admin(node, "/clusters").contains(cluster)));
    }
}
