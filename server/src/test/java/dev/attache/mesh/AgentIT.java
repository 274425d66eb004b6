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
 * Proxies where Istio puts them: started by its agent, which is between them and istiod. With
 * Helm's defaults and every kind of object the agent says that they are ready, nothing is refused,
 * and istiod has nothing left to be answered.
 */
@Tag("conformance")
final class AgentIT extends IstiodCases {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void ofTheOlderOne() throws Exception {
        underAgents(IstioRelease.OLDER, List.of("kinds"));
    }

    @Test
    void ofTheCurrentOne() throws Exception {
        underAgents(IstioRelease.CURRENT, List.of("kinds", "kinds-kubernetes"));
    }

    private void underAgents(IstioRelease release, List<String> folders) throws Exception {
        onKubernetes(
                release,
                (kubernetes, webhooks, work) -> {
                    try (Istiod istiod =
                                    new KubernetesIstiod(
                                            release, work, kubernetes, webhooks, Map.of());
                            MeshProxies proxies =
                                    new MeshProxies(
                                            Files.createDirectories(directory.resolve("proxies")),
                                            authority)) {
                        istiod.apply(objects.read("base"));
                        List<IstioAgent> agents = new ArrayList<>();
                        for (MeshNode node : List.of(MeshNode.sidecar(), MeshNode.gateway())) {
                            agents.add(agent(release, kubernetes.api(), istiod, proxies, node));
                        }
                        for (IstioAgent agent : agents) {
                            assertThat(PeerProcess.eventually(PATIENCE, agent::ready))
                                    .as(agent.log())
                                    .isTrue();
                        }
                        keep("stock", pushed(proxies, istiod));
                        for (String folder : folders) {
                            for (String kind : MeshObjects.names(folder)) {
                                istiod.apply(objects.read(kind));
                            }
                        }
                        keep("all together", pushed(proxies, istiod));
                        refused.addAll(proxies.refusals());
                        for (IstioAgent agent : agents) {
                            assertThat(agent.ready()).as(agent.log()).isTrue();
                            assertThat(agent.log()).doesNotContain("but was rejected");
                        }
                        assertThat(istiod.syncs())
                                .hasSize(2)
                                .allSatisfy((node, sync) ->
                                        assertThat(sync.waiting()).as(node).isFalse());
                    }
                });
    }

    private IstioAgent agent(
            IstioRelease release,
            KubernetesApi api,
            Istiod istiod,
            MeshProxies proxies,
            MeshNode node)
            throws Exception {
        api.apply(
                List.of(
                        Map.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "ServiceAccount",
                                "metadata",
                                Map.of("name", node.name(), "namespace", node.namespace()))));
        Path home = Files.createDirectories(directory.resolve("agents/" + node.name()));
        IstioAgent agent =
                new IstioAgent(
                        release,
                        home,
                        Peers.subject().toAbsolutePath(),
                        node,
                        istiod,
                        root(api, node.namespace()),
                        api.token(node.namespace(), node.name(), "istio-ca"));
        proxies.add(node, agent);
        return agent;
    }
}
