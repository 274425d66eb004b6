package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents and proxies of both houses as sidecars of one istiod: Attache's agent with its proxy in
 * one process and in two, with the real Envoy, and Istio's agent with Attache's proxy. Each serves
 * a client of the mesh, each request by a handshake of its own, while certificates are replaced and
 * while istiod is away; probes are answered as by Istio's agent; the end is orderly.
 */
@Tag("conformance")
final class AgentPairsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ISTIOS = "theirs";

    @TempDir Path directory;

    private final int http = Ports.free();
    private final List<AgentPair> servers = new ArrayList<>();
    private final CountDownLatch asked = new CountDownLatch(4);
    private final CountDownLatch released = new CountDownLatch(1);

    @Test
    void serveAlike() throws Exception {
        Path istios = Peers.peer("kube").resolve("pilot-agent");
        for (Path each : List.of(istios, Peers.envoy(), Peers.peer("pilot-discovery"))) {
            Assumptions.assumeTrue(
                    Files.isExecutable(each), "no " + each + ": run .ci/peers/all.sh");
        }
        HttpServer application = application();
        int port = application.getAddress().getPort();
        try (SigningIstiod istiod = new SigningIstiod(directory)) {
            Path own = Peers.subject();
            List<String> agent = AgentPod.ours("sidecar");
            List<String> apart = AgentPod.ours("sidecar", "--separate");
            start(istiod, "one", port, own, agent);
            start(istiod, "two", port, own, apart);
            start(istiod, "envoy", port, Peers.envoy(), apart);
            template(ISTIOS);
            start(istiod, ISTIOS, port, own, List.of(istios.toString(), "proxy", "sidecar"));
            try (AgentPair client =
                    new AgentPair(directory, "client", "127.0.0.11", istiod, port, own, agent)) {
                List<AgentPair> all = new ArrayList<>(servers);
                all.add(client);
                for (AgentPair each : all) {
                    assertThat(PeerProcess.eventually(PATIENCE, each::ready))
                            .as(each::log)
                            .isTrue();
                }
                serve(client);
                probesAreAnsweredAlike();
                certificatesAreReplaced(all);
                istiodGoesAndComes(istiod, all, client);
                end(istiod);
            }
        } finally {
            servers.forEach(AgentPair::close);
            released.countDown();
            application.stop(0);
        }
    }

    private void start(
            SigningIstiod istiod, String name, int application, Path binary, List<String> command)
            throws IOException {
        String address = "127.0.0." + (12 + servers.size());
        istiod.apply(
                name,
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: NAME, namespace: default}
                spec: {hosts: [NAME.test], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: PORT, name: http, protocol: HTTP, targetPort: INNER}], endpoints: [{address: ADDRESS, serviceAccount: NAME, labels: {app: NAME}}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: NAME, namespace: default}
                spec:
                  workloadSelector: {labels: {app: NAME}}
                  ingress: [{port: {number: INNER, protocol: HTTP, name: http}, bind: ADDRESS, defaultEndpoint: "127.0.0.1:APPLICATION"}]
                  egress: [{hosts: ["~/*"]}]
                ---
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: NAME, namespace: default}
                spec: {selector: {matchLabels: {app: NAME}}, mtls: {mode: STRICT}}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: NAME, namespace: default}
                spec: {host: NAME.test, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, connectionPool: {http: {maxRequestsPerConnection: 1}}}}
                """
                        .replace("NAME", name)
                        .replace("PORT", String.valueOf(http))
                        .replace("INNER", String.valueOf(Ports.free()))
                        .replace("ADDRESS", address)
                        .replace("APPLICATION", String.valueOf(application)));
        servers.add(new AgentPair(directory, name, address, istiod, application, binary, command));
    }

    /** Istio's agent has no template of its own. */
    private void template(String name) throws IOException {
        Path place = directory.resolve(name).resolve("var/lib/istio/envoy");
        Files.createDirectories(place);
        Files.copy(
                Peers.peer("kube").resolve("istio-1.27/envoy_bootstrap.json"),
                place.resolve("envoy_bootstrap_tmpl.json"));
    }

    /**
     * Says who asked; what is asked for slowly is answered when it is released. At all addresses,
     * as probes come to those of the workloads.
     */
    private HttpServer application() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/slow")) {
                        asked.countDown();
                        hold();
                    }
                    String who =
                            exchange.getRequestHeaders()
                                    .getOrDefault("X-forwarded-client-cert", List.of("nobody"))
                                    .toString();
                    byte[] body = who.getBytes(StandardCharsets.ISO_8859_1);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private void hold() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String ask(AgentPair server, String path) {
        return AgentCalls.get(http, server.name() + ".test", path);
    }

    /** By mutual TLS, as both sides' names are told. */
    private boolean served(AgentPair server, String answer) {
        return answer.startsWith("200 ")
                && answer.contains("By=spiffe://cluster.local/ns/default/sa/" + server.name())
                && answer.contains("URI=spiffe://cluster.local/ns/default/sa/client");
    }

    private void serve(AgentPair client) throws InterruptedException {
        for (AgentPair server : servers) {
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE, () -> served(server, ask(server, "/hello"))))
                    .as(() -> ask(server, "/hello") + "\n" + server.log() + client.log())
                    .isTrue();
        }
    }

    private void probesAreAnsweredAlike() {
        Map<String, Map<String, String>> answers = new TreeMap<>();
        for (AgentPair server : servers) {
            Map<String, String> own = new TreeMap<>();
            for (String path :
                    List.of(
                            "/healthz/ready",
                            "/app-health/app/readyz",
                            "/app-health/other/readyz",
                            "/quitquitquit",
                            "/drain",
                            "/debug/ndsz",
                            "/nothing",
                            "/")) {
                own.put("agent " + path, AgentCalls.get(server.status(), path));
            }
            for (String path : List.of("/healthz/ready", "/nothing", "/")) {
                own.put("proxy " + path, AgentCalls.get(server.health(), path));
            }
            for (String path : List.of("/stats/prometheus", "/metrics")) {
                String metrics = AgentCalls.get(server.status(), path);
                own.put(path, metrics.substring(0, metrics.indexOf("utf-8")));
                assertThat(metrics).contains("\nistio_agent_", "\nenvoy_");
            }
            assertThat(own.get("agent /app-health/app/readyz")).startsWith("200 ");
            answers.put(server.name(), own);
        }
        answers.forEach((name, own) -> assertThat(own).as(name).isEqualTo(answers.get(ISTIOS)));
    }

    /** Until each has had three more, no request is lost. */
    private void certificatesAreReplaced(List<AgentPair> all) {
        Map<String, Set<String>> chains = new TreeMap<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean enough = false;
        while (!enough && System.nanoTime() < deadline) {
            for (AgentPair server : servers) {
                String answer = ask(server, "/hello");
                assertThat(served(server, answer)).as(() -> answer + "\n" + server.log()).isTrue();
            }
            for (AgentPair each : all) {
                chains.computeIfAbsent(each.name(), any -> new HashSet<>()).add(each.chain());
            }
            enough = chains.values().stream().allMatch(seen -> seen.size() >= 4);
        }
        Map<String, Integer> seen = new TreeMap<>();
        chains.forEach((name, each) -> seen.put(name, each.size()));
        assertThat(enough).as(seen::toString).isTrue();
    }

    private void istiodGoesAndComes(SigningIstiod istiod, List<AgentPair> all, AgentPair client)
            throws IOException, InterruptedException {
        istiod.stop();
        for (int round = 0; round < 25; round++) {
            for (AgentPair server : servers) {
                String answer = ask(server, "/hello");
                assertThat(served(server, answer)).as(() -> answer + "\n" + server.log()).isTrue();
            }
        }
        istiod.again();
        for (AgentPair each : all) {
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () -> istiod.connected().contains(each.name() + ".default")))
                    .as(each::log)
                    .isTrue();
        }
        serve(client);
    }

    /**
     * A request that is under way is answered, readiness ends at once, the control plane is heard
     * until the proxy ends, nothing stays behind.
     */
    private void end(SigningIstiod istiod) throws Exception {
        List<CompletableFuture<String>> slow = new ArrayList<>();
        for (AgentPair server : servers) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> answer.complete(ask(server, "/slow")));
            slow.add(answer);
        }
        asked.await();
        servers.forEach(AgentPair::terminate);
        Set<String> unready = new HashSet<>();
        PeerProcess.eventually(
                PATIENCE,
                () -> {
                    for (AgentPair server : servers) {
                        // Istio's agent closes its port at once.
                        String probe = AgentCalls.get(server.status(), "/healthz/ready");
                        if (probe.startsWith(server.name().equals(ISTIOS) ? "failed" : "503")) {
                            unready.add(server.name());
                        }
                    }
                    return unready.size() == servers.size()
                            || servers.stream().noneMatch(AgentPair::lives);
                });
        connectedWhileDraining(istiod);
        released.countDown();
        assertThat(unready)
                .as(() -> servers.stream().map(AgentPair::log).collect(Collectors.joining()))
                .hasSize(servers.size());
        for (int each = 0; each < slow.size(); each++) {
            AgentPair server = servers.get(each);
            String answer = slow.get(each).get();
            assertThat(served(server, answer)).as(() -> answer + "\n" + server.log()).isTrue();
            assertThat(server.ended(PATIENCE)).as(server::log).isZero();
            assertThat(server.left()).as(server.name()).isEmpty();
        }
    }

    /**
     * As with Istio's agent. Where a busy machine has let the drain pass, there is nothing to see.
     */
    private void connectedWhileDraining(SigningIstiod istiod) {
        String connected = istiod.connected();
        for (AgentPair server : servers) {
            if (server.lives()) {
                assertThat(connected).as(server::log).contains(server.name() + ".default");
            }
        }
    }
}
