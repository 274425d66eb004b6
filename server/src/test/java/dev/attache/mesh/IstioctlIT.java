package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import dev.attache.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Envoy and Attache as the same sidecar of one istiod, whose own filters are off as Envoy
 * does not have them: what {@code istioctl proxy-config} prints of their dumps is the same.
 */
@Tag("conformance")
final class IstioctlIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final List<String> VIEWS =
            List.of("cluster", "listener", "route", "endpoint", "secret");
    private static final Map<String, String> WITHOUT_FILTERS =
            Map.of("PILOT_ENABLE_METADATA_EXCHANGE", "false", "PILOT_ENABLE_ALPN_FILTER", "false");

    @TempDir private Path directory;

    private final TestCertificates authority = TestCertificates.authority("CN=mesh");
    private final int admin = Ports.free();

    @Test
    void printsTheSameOfBoth() throws Exception {
        Path istioctl = KubernetesServers.program("istioctl");
        Assumptions.assumeTrue(
                Files.isExecutable(istioctl), "istioctl is not installed: run .ci/peers/kube.sh");
        MeshObjects objects = new MeshObjects(name -> "20001");
        Map<String, Object> mesh = new HashMap<>(objects.read("mesh").getFirst());
        mesh.put("defaultProviders", Map.of());
        Path work = Files.createDirectories(directory.resolve("istiod"));
        MeshNode node =
                new MeshNode(
                        "sidecar",
                        "127.0.0.12",
                        "server",
                        "default",
                        Map.of("app", "echo", "version", "v1"),
                        Map.of());
        try (Istiod istiod = new FileIstiod(work, mesh, Map.of(), WITHOUT_FILTERS)) {
            istiod.apply(objects.read("base"));
            istiod.apply(objects.read("kinds/virtual-service-http"));
            istiod.apply(objects.read("kinds/peer-authentication-strict"));
            istiod.apply(objects.read("marker"));
            try (WorkloadSecrets secrets = new WorkloadSecrets(authority, node.identity())) {
                Dumped theirs = new Dumped(Peers.envoy(), node, istiod, secrets);
                Dumped ours = new Dumped(Peers.subject(), node, istiod, secrets);
                for (String view : VIEWS) {
                    assertThat(ours.list(istioctl, view))
                            .as("istioctl proxy-config " + view)
                            .isEqualTo(theirs.list(istioctl, view));
                    assertThat(ours.json(istioctl, view))
                            .as("istioctl proxy-config " + view + " -o json")
                            .isEqualTo(theirs.json(istioctl, view));
                }
                assertThat(ours.list(istioctl, "all")).isEqualTo(theirs.list(istioctl, "all"));
            }
        }
    }

    /** What one proxy says of its configuration. */
    private final class Dumped {
        private final Path work;

        /** Starts the proxy, waits until it serves, keeps its dump and ends it. */
        Dumped(Path binary, MeshNode node, Istiod istiod, WorkloadSecrets secrets)
                throws Exception {
            work = Files.createDirectories(directory.resolve(binary.getFileName().toString()));
            try (MeshProxies proxies = new MeshProxies(work, authority)) {
                proxies.start(binary, node, istiod, secrets, admin);
                boolean there =
                        PeerProcess.eventually(
                                PATIENCE,
                                () ->
                                        proxies.ready()
                                                && proxies.admin(node, "/clusters")
                                                        .contains(
                                                                "outbound|20001||marker.test::127"));
                assertThat(there).as(proxies.log(node)).isTrue();
                // Routes come behind clusters, and what istiod reads from files in more than one
                // push.
                assertThat(
                                proxies.settle(
                                        istiod,
                                        Map.of(),
                                        () ->
                                                proxies.admin(node, "/config_dump")
                                                        .contains("/grpcfault")))
                        .isEmpty();
                String dump = proxies.admin(node, "/config_dump?include_eds");
                Files.writeString(work.resolve("dump.json"), dump);
                String clusters = proxies.admin(node, "/clusters?format=json");
                Files.writeString(work.resolve("clusters.json"), clusters);
            }
        }

        /**
         * The lines, without those that tell one program from the other; their order is open. Each
         * once: what a listener that drains still holds is in a dump beside what its successor has.
         */
        List<String> list(Path istioctl, String view) throws Exception {
            return run(istioctl, view, "short")
                    .lines()
                    .filter(line -> !line.startsWith("Envoy Version:"))
                    .map(line -> line.replaceAll("\\s+", " "))
                    .distinct()
                    .sorted()
                    .toList();
        }

        /** What stands in the list, each once, without times and counters of traffic. */
        List<String> json(Path istioctl, String view) throws Exception {
            String printed = run(istioctl, view, "json");
            Set<String> parts = new TreeSet<>();
            for (Object each : Tree.list(Tree.parse(printed))) {
                parts.add(
                        Tree.json(each, true)
                                .replaceAll("\"lastUpdated\":\"[^\"]*\"", "")
                                .replaceAll("\"stats\":\\[[^\\]]*]", ""));
            }
            assertThat(parts).isNotEmpty();
            return List.copyOf(parts);
        }

        private String run(Path istioctl, String view, String output) throws Exception {
            String dump = view.equals("endpoint") ? "clusters.json" : "dump.json";
            try (PeerProcess process =
                    PeerProcess.start(
                            work,
                            Map.of("HOME", work.toString()),
                            List.of(
                                    istioctl.toString(),
                                    "proxy-config",
                                    view,
                                    "-f",
                                    work.resolve(dump).toString(),
                                    "-o",
                                    output))) {
                assertThat(process.await(Duration.ofSeconds(30))).as(process.log()).isZero();
                return process.log();
            }
        }
    }
}
