package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent to which {@code DISABLE_ENVOY} leaves names, secrets and the relay, all of them at once
 * under load: while certificates are replaced no question stays without its answer, no call of
 * proxyless gRPC fails, the stream of secrets and readiness hold.
 */
@Tag("conformance")
final class AgentWithoutProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ASKING = 4;
    private static final int CERTIFICATES = 4;
    private static final String MESH =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: echo, namespace: default}
            spec: {hosts: [echo.test], addresses: [240.81.0.1], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 7070, name: grpc, protocol: GRPC, targetPort: PORT}], endpoints: [{address: 127.0.0.1}]}
            """;

    @TempDir Path directory;

    private final int names = Ports.free();
    private final int status = Ports.free();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger questions = new AtomicInteger();

    @Test
    void servesNamesSecretsAndCallsAtOnce() throws Exception {
        int port = Ports.free();
        try (SigningIstiod istiod = new SigningIstiod(directory)) {
            istiod.apply("echo", MESH.replace("PORT", String.valueOf(port)));
            try (PeerProcess first = agent("server", istiod, Ports.free(), Ports.free());
                    PeerProcess second = agent("client", istiod, status, names);
                    PeerProcess server = peer("server", String.valueOf(port))) {
                assertThat(PeerProcess.eventually(PATIENCE, () -> server.says("serving")))
                        .as("%s %s", server.log(), first.log())
                        .isTrue();
                Path end = directory.resolve("end");
                try (PeerProcess client = peer("caller", "xds:///echo.test:7070", end.toString())) {
                    assertThat(PeerProcess.eventually(PATIENCE, () -> client.says("echo hello")))
                            .as("%s %s", client.log(), second.log())
                            .isTrue();
                    underLoad(second);
                    Files.createFile(end);
                    assertThat(client.await(PATIENCE))
                            .as("%s %s", client.log(), second.log())
                            .isZero();
                    assertThat(client.log()).contains(" times");
                }
                second.terminate();
                assertThat(second.await(PATIENCE)).as(second.log()).isZero();
            }
        }
    }

    private void underLoad(PeerProcess agent) throws Exception {
        assertThat(PeerProcess.eventually(PATIENCE, this::ready)).as(agent.log()).isTrue();
        List<CompletableFuture<String>> asking = new ArrayList<>();
        for (int i = 0; i < ASKING; i++) {
            boolean tcp = i % 2 == 1;
            CompletableFuture<String> wrong = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> wrong.complete(ask(tcp)));
            asking.add(wrong);
        }
        Path socket = directory.resolve("client/var/run/secrets/workload-spiffe-uds/socket");
        try (SecretSubscription secrets = new SecretSubscription(socket)) {
            boolean[] unready = {false};
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () -> {
                                        unready[0] |= !ready();
                                        return secrets.certificates() >= CERTIFICATES;
                                    }))
                    .as(() -> secrets.certificates() + secrets.end())
                    .isTrue();
            assertThat(secrets.end()).isEmpty();
            assertThat(unready[0]).isFalse();
        } finally {
            over.set(true);
        }
        for (CompletableFuture<String> wrong : asking) {
            assertThat(wrong.get()).as("the answer that was none").isEmpty();
        }
        assertThat(questions.get()).isGreaterThan(ASKING * CERTIFICATES);
        assertThat(AgentCalls.get(status, "/metrics"))
                .contains("istio_agent_dns_requests_total " + questions.get());
    }

    private boolean ready() {
        return AgentCalls.get(status, "/healthz/ready").startsWith("200");
    }

    /** Until all is over, the first answer that is not the table's; empty where there was none. */
    private String ask(boolean tcp) {
        NameQuestions server = new NameQuestions(names);
        try {
            while (!over.get()) {
                questions.incrementAndGet();
                String answer = server.ask("echo.test", "A", 0, tcp);
                if (!answer.contains(" 30 f0510001]")) {
                    return answer;
                }
            }
            return "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private PeerProcess agent(String name, SigningIstiod istiod, int statusPort, int namesPort)
            throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        istiod.trust(home);
        istiod.token(home, name, Duration.ofHours(1));
        Map<String, String> environment = AgentPod.environment(name, "default", "127.0.0.1");
        environment.put("DISABLE_ENVOY", "true");
        environment.put("ISTIO_META_GENERATOR", "grpc");
        environment.put("ISTIO_META_DNS_CAPTURE", "true");
        environment.put("DNS_PROXY_ADDR", "127.0.0.1:" + namesPort);
        environment.put("OUTPUT_CERTS", "out");
        environment.put("SECRET_TTL", "60s");
        environment.put("SECRET_GRACE_PERIOD_RATIO", "0.95");
        environment.put("GRPC_XDS_BOOTSTRAP", bootstrap(name).toString());
        environment.put(
                "PROXY_CONFIG",
                "{\"configPath\":\"%s\",\"discoveryAddress\":\"localhost:%d\",\"statusPort\":%d}"
                        .formatted(home.resolve("proxy"), istiod.secure(), statusPort));
        PeerProcess agent = PeerProcess.start(home, environment, AgentPod.ours("sidecar"));
        assertThat(
                        PeerProcess.eventually(
                                PATIENCE,
                                () ->
                                        Files.exists(home.resolve("proxy/XDS"))
                                                && Files.exists(bootstrap(name))))
                .as(() -> log(agent))
                .isTrue();
        return agent;
    }

    private static String log(PeerProcess process) {
        try {
            return process.log();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path bootstrap(String name) {
        return directory.resolve(name).resolve("grpc-bootstrap.json");
    }

    private PeerProcess peer(String role, String... arguments) throws Exception {
        String agent = role.equals("server") ? "server" : "client";
        List<String> all = new ArrayList<>(List.of(role));
        all.addAll(List.of(arguments));
        return ProxylessPeers.start(
                directory.resolve(role + "-peer"), bootstrap(agent), all.toArray(String[]::new));
    }
}
