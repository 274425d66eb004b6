package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Pods that istiod injects on Kubernetes' API server, with tokens bound to them: Attache's agent,
 * in one process with its proxy, as client and as server, and Istio's agent as a server beside it.
 * They are ready, know the names that istiod says, answer the probes that were injected, and serve
 * under a steady load while their certificates are replaced every few seconds. When a pod is gone
 * its agent says which pod's token is not accepted any more, and goes on with what it has.
 */
@Tag("conformance")
final class InjectedAgentIT extends IstiodCases {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String CLIENT = "client";
    private static final List<String> SERVERS = List.of("ours", "theirs");

    @Test
    void servesInPodsOfKubernetes() throws Exception {
        HttpServer application = application();
        try {
            onKubernetes(
                    IstioRelease.CURRENT,
                    (kubernetes, webhooks, work) -> {
                        try (Istiod istiod =
                                new KubernetesIstiod(
                                        IstioRelease.CURRENT,
                                        work,
                                        kubernetes,
                                        webhooks,
                                        Map.of())) {
                            istiod.apply(objects.read("agent-pods"));
                            played(kubernetes.api(), istiod);
                        }
                    });
        } finally {
            application.stop(0);
        }
    }

    /** Says who asked, at all addresses, as probes come to those of the pods. */
    private HttpServer application() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port("application")), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    byte[] body =
                            exchange.getRequestHeaders()
                                    .getOrDefault("X-forwarded-client-cert", List.of("nobody"))
                                    .toString()
                                    .getBytes(StandardCharsets.ISO_8859_1);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private void played(KubernetesApi api, Istiod istiod) throws Exception {
        List<String> own = List.of(Peers.subject().toString(), "agent");
        List<String> istios = List.of(IstioRelease.CURRENT.agent().toString());
        String template = IstioRelease.CURRENT.chart().resolve("envoy_bootstrap.json").toString();
        Map<String, String> image = Map.of("ISTIO_BOOTSTRAP", template);
        try (InjectedPod ours = pod(api, "ours", istiod, own, Map.of());
                InjectedPod theirs = pod(api, "theirs", istiod, istios, image);
                InjectedPod client = pod(api, CLIENT, istiod, own, Map.of())) {
            List<InjectedPod> all = List.of(client, ours, theirs);
            for (InjectedPod each : all) {
                await(each, "readiness", () -> ready(each));
                assertThat(AgentCalls.get(agentPort(each), "/app-health/app/readyz"))
                        .as(each::log)
                        .startsWith("200 ");
            }
            names(client, istiod);
            for (String server : SERVERS) {
                for (String port : List.of("kept", "fresh")) {
                    await(client, server, () -> served(server, ask(server, port)));
                }
            }
            try (SteadyLoad load = new SteadyLoad()) {
                for (String server : SERVERS) {
                    for (String port : List.of("kept", "fresh")) {
                        load.add(port(port), host(server), answer -> served(server, answer));
                    }
                }
                replaced(all, load);
                deleted(client, load);
                assertThat(load.failures()).as("of %d requests", load.requests()).isEmpty();
            }
        }
    }

    private InjectedPod pod(
            KubernetesApi api,
            String name,
            Istiod istiod,
            List<String> agent,
            Map<String, String> image)
            throws IOException, InterruptedException {
        return new InjectedPod(api, name, directory.resolve("pods/" + name), istiod, agent, image);
    }

    private static void await(InjectedPod pod, String what, BooleanSupplier there)
            throws InterruptedException {
        assertThat(PeerProcess.eventually(PATIENCE, there))
                .as(() -> what + "\n" + pod.log())
                .isTrue();
    }

    private int agentPort(InjectedPod pod) {
        return port(pod.name() + "-status");
    }

    private boolean ready(InjectedPod pod) {
        return AgentCalls.get(agentPort(pod), "/healthz/ready").startsWith("200")
                && AgentCalls.get(port(pod.name() + "-health"), "/healthz/ready").startsWith("200");
    }

    private static String host(String server) {
        return server + ".test";
    }

    private String ask(String server, String port) {
        return AgentCalls.get(port(port), host(server), "/hello");
    }

    private static boolean served(String server, String answer) {
        return answer.startsWith("200 ")
                && answer.contains("By=spiffe://cluster.local/ns/default/sa/" + server)
                && answer.contains("URI=spiffe://cluster.local/ns/default/sa/" + CLIENT);
    }

    /** The table is the one that istiod has for this pod, and is what questions are answered by. */
    private void names(InjectedPod client, Istiod istiod) throws Exception {
        Map<String, Object> own = new TreeMap<>();
        await(
                client,
                "the table of names",
                () -> {
                    String answer = AgentCalls.get(agentPort(client), "/debug/ndsz");
                    own.putAll(table(Tree.parse(answer.substring(answer.indexOf('{')))));
                    return own.containsKey("ours.test");
                });
        String theirs = istiod.debug("ndsz?proxyID=" + client.name() + ".default");
        assertThat(own)
                .containsKey("kubernetes.default.svc.cluster.local")
                .isEqualTo(
                        table(Tree.list(Tree.map(Tree.parse(theirs)).get("configs")).getFirst()));
        NameQuestions questions = new NameQuestions(port(client.name() + "-names"));
        assertThat(questions.ask("ours.test.", "A", 0, false))
                .contains("NoError(0) aa=true", "[ours.test. A 30 f00a0001]");
        assertThat(questions.ask("kubernetes.default.svc.cluster.local.", "A", 0, true))
                .contains("aa=true", "A 30 0a600001");
    }

    private static Map<String, Object> table(@Nullable Object message) {
        return Tree.map(Tree.map(message).get("table"));
    }

    private String serials(InjectedPod pod) {
        return PeerProcess.http("GET", port(pod.name() + "-admin"), "/certs")
                .lines()
                .filter(line -> line.contains("serial_number"))
                .findFirst()
                .orElse("");
    }

    /**
     * Until each proxy has had four, and a client has shown four in handshakes with each server.
     */
    private void replaced(List<InjectedPod> all, SteadyLoad load) throws InterruptedException {
        Map<String, Set<String>> held = new TreeMap<>();
        boolean enough =
                PeerProcess.eventually(
                        PATIENCE,
                        () -> {
                            for (InjectedPod each : all) {
                                held.computeIfAbsent(each.name(), any -> new HashSet<>())
                                        .add(serials(each));
                            }
                            return held.values().stream().allMatch(seen -> seen.size() >= 4)
                                    && SERVERS.stream()
                                            .map(each -> host(each) + ":" + port("fresh"))
                                            .allMatch(each ->
                                                    load.certificates().getOrDefault(each, 0) >= 4);
                        });
        assertThat(enough).as(held + " " + load.certificates()).isTrue();
        assertThat(load.failures()).as("of %d requests", load.requests()).isEmpty();
    }

    private void deleted(InjectedPod client, SteadyLoad load) throws Exception {
        client.forget();
        await(client, "the refusal", () -> !client.lines("does not accept who this is").isEmpty());
        assertThat(client.lines("does not accept who this is").getFirst())
                .contains("istio-token: of system:serviceaccount:default:client for istio-ca")
                .contains("bound to the pod client (uid " + client.uid() + ") and not valid")
                .contains(", until 20");
        assertThat(AgentCalls.get(agentPort(client), "/debug/agent"))
                .startsWith("200 ")
                .contains("bound to the pod client (uid " + client.uid() + ")");
        long before = load.requests();
        await(client, "more requests", () -> load.requests() > before + 50);
        assertThat(ready(client)).as(client::log).isTrue();
    }
}
