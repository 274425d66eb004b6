package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Stock istiods with Helm's defaults: whatever they send to sidecars, gateways and waypoints is
 * taken, for every kind of object, one after another and all together.
 */
@Tag("conformance")
final class IstiodIT extends IstiodCases {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
        onKubernetes(
                IstioRelease.CURRENT,
                (kubernetes, webhooks, work) -> {
                    try (Istiod istiod =
                            new KubernetesIstiod(
                                    IstioRelease.CURRENT, work, kubernetes, webhooks, Map.of())) {
                        judge(
                                istiod,
                                "base",
                                List.of("kinds", "kinds-kubernetes"),
                                List.of(
                                        MeshNode.sidecar(),
                                        MeshNode.transparent(),
                                        MeshNode.gateway()));
                    }
                    // Every kind from above is still there.
                    ambient(IstioRelease.CURRENT, kubernetes, webhooks, work);
                });
    }

    @Test
    void waypointsOfAnOlderOne() throws Exception {
        onKubernetes(
                IstioRelease.OLDER,
                (kubernetes, webhooks, work) -> {
                    kubernetes.api().apply(objects.read("base"));
                    for (String kind : MeshObjects.names("kinds")) {
                        kubernetes.api().apply(objects.read(kind));
                    }
                    ambient(IstioRelease.OLDER, kubernetes, webhooks, work);
                });
    }

    /** One sidecar does not tunnel, and is sent tunnels. */
    private void ambient(
            IstioRelease release, KubernetesServers kubernetes, int webhooks, Path work)
            throws Exception {
        Map<String, String> ambient = Map.of("PILOT_ENABLE_AMBIENT", "true");
        try (Istiod istiod = new KubernetesIstiod(release, work, kubernetes, webhooks, ambient)) {
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
}
