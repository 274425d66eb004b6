package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
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
import org.junit.jupiter.api.io.TempDir;

/** What tests share that give istiods objects and ask what their proxies refuse. */
abstract class IstiodCases {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static final Map<String, Object> NETWORKS =
            Map.of(
                    "networks",
                    Map.of(
                            "far",
                            Map.of(
                                    "endpoints",
                                    List.of(Map.of("fromRegistry", "far")),
                                    "gateways",
                                    List.of(Map.of("address", "127.0.0.60", "port", 15443)))));

    final TestCertificates authority = TestCertificates.authority("CN=mesh");
    private final Map<String, String> placeholders = new HashMap<>();
    final MeshObjects objects = new MeshObjects(this::placeholder);
    final List<String> refused = new ArrayList<>();
    private int marker = 20_000;

    @TempDir Path directory;

    /** What stands in objects for a name: a free port, if nothing else was said. */
    String placeholder(String name) {
        return placeholders.computeIfAbsent(name, any -> String.valueOf(Ports.free()));
    }

    /** The port that stands for a name in the objects. */
    int port(String name) {
        return Integer.parseInt(placeholder(name));
    }

    void certificates() throws Exception {
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

    /** What is tried on an API server with the chart of a release. */
    interface Trial {
        void play(KubernetesServers kubernetes, int webhooks, Path work) throws Exception;
    }

    void onKubernetes(IstioRelease release, Trial trial) throws Exception {
        Assumptions.assumeTrue(
                release.installed(),
                "Kubernetes' API server or Istio is not installed: run .ci/peers/kube.sh");
        certificates();
        int webhooks = Ports.free();
        IstioChart chart = new IstioChart(release, objects);
        try (KubernetesServers kubernetes =
                new KubernetesServers(Files.createDirectories(directory.resolve("kubernetes")))) {
            kubernetes.api().apply(chart.definitions());
            kubernetes.api().apply(chart.install(webhooks, NETWORKS));
            trial.play(kubernetes, webhooks, directory.resolve("istiod"));
        }
        assertThat(refused).isEmpty();
    }

    void keep(String step, List<String> lines) {
        lines.forEach(line -> refused.add(step + ": " + line));
    }

    /** Waits until a change has reached the proxies; what they refused. */
    List<String> pushed(MeshProxies proxies, Istiod istiod) throws Exception {
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

    private static String text(KubernetesApi api, String path) {
        Object data = api.get(path).get("data");
        return data == null ? "" : Tree.text(Tree.map(data).get("root-cert.pem"), "");
    }

    /** The mesh's root certificate, which istiod puts into each namespace, PEM. */
    static String root(KubernetesApi api, String namespace) throws Exception {
        String path = "/api/v1/namespaces/" + namespace + "/configmaps/istio-ca-root-cert";
        String[] root = {""};
        assertThat(
                        PeerProcess.eventually(
                                PATIENCE,
                                () -> {
                                    root[0] = text(api, path);
                                    return !root[0].isEmpty();
                                }))
                .as(path)
                .isTrue();
        return root[0];
    }
}
