package dev.attache.agent.identity.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a stub of Vault's HTTP interface: its answers are from Vault's documentation. */
class VaultAuthorityTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final TestSigner signer = new TestSigner();
    private HttpServer vault;
    private volatile String accepted = "given";
    private volatile int logins;
    private volatile int renewals;
    private volatile long life = 60;
    @TempDir Path directory;

    @BeforeEach
    void start() throws IOException {
        vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.createContext("/v1/team-pki/sign/mesh", exchange -> answer(exchange, this::sign));
        vault.createContext("/v1/auth/machines/login", exchange -> answer(exchange, this::login));
        vault.createContext("/v1/auth/token/renew-self", exchange -> answer(exchange, this::renew));
        vault.start();
    }

    @AfterEach
    void stop() {
        vault.stop(0);
    }

    private interface Page {
        Map<String, Object> of(HttpExchange exchange, Map<?, ?> message);
    }

    private void answer(HttpExchange exchange, Page page) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(
                exchange.getRequestURI()
                        + " "
                        + exchange.getRequestHeaders().getFirst("x-vault-namespace"));
        Map<String, Object> answer = page.of(exchange, (Map<?, ?>) Json.parse(body));
        byte[] bytes = Json.print(answer).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.containsKey("errors") ? 403 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Map<String, Object> sign(HttpExchange exchange, Map<?, ?> message) {
        if (!accepted.equals(exchange.getRequestHeaders().getFirst("x-vault-token"))) {
            return Map.of("errors", List.of("permission denied"));
        }
        assertThat(message.get("ttl")).isEqualTo("3600s");
        List<String> chain =
                signer.sign(
                        String.valueOf(message.get("csr")),
                        java.time.Instant.now().plusSeconds(3600));
        return Map.of(
                "data",
                Map.of(
                        "certificate", chain.getFirst(),
                        "issuing_ca", signer.root(),
                        "ca_chain", List.of(signer.root())));
    }

    private Map<String, Object> login(HttpExchange exchange, Map<?, ?> message) {
        if (!"secret".equals(message.get("secret_id"))) {
            return Map.of("errors", List.of("invalid role or secret ID"));
        }
        logins++;
        accepted = "login-" + logins;
        return Map.of("auth", auth(life));
    }

    private Map<String, Object> renew(HttpExchange exchange, Map<?, ?> message) {
        assertThat(exchange.getRequestHeaders().getFirst("x-vault-token")).isEqualTo(accepted);
        renewals++;
        return Map.of("auth", auth(60));
    }

    private Map<String, Object> auth(long seconds) {
        return Map.of("client_token", accepted, "lease_duration", seconds, "renewable", true);
    }

    private VaultAuthority authority(Map<String, String> more) {
        Map<String, String> variables =
                new HashMap<>(
                        Map.of(
                                "VAULT_ADDR",
                                "http://127.0.0.1:" + vault.getAddress().getPort(),
                                "VAULT_NAMESPACE",
                                "team",
                                "VAULT_PKI_MOUNT",
                                "team-pki",
                                "VAULT_PKI_ROLE",
                                "mesh"));
        variables.putAll(more);
        return new VaultAuthority(
                VaultSettings.of(new Environment(variables), new AgentFiles(directory)),
                new AgentMetrics(),
                Duration.ofSeconds(5));
    }

    private static String request() {
        return dev.attache.agent.identity.TestRequests.request();
    }

    @Test
    void aTokenInAFileIsReadEachTime() throws IOException {
        try (VaultAuthority authority = authority(Map.of("VAULT_TOKEN_FILE", "token"))) {
            Files.writeString(directory.resolve("token"), "old");
            assertThatThrownBy(() -> authority.sign(request(), Duration.ofHours(1)))
                    .hasMessageContaining("answers 403 to team-pki/sign/mesh: permission denied");

            Files.writeString(directory.resolve("token"), "given\n");
            SignedCertificate signed = authority.sign(request(), Duration.ofHours(1));

            assertThat(signed.chain()).hasSize(2);
            assertThat(signed.roots()).containsExactly(signer.root().strip());
            assertThat(asked).contains("/v1/team-pki/sign/mesh team");
        }
    }

    @Test
    void aLoginThatRanOutIsMadeAgain() throws IOException {
        try (VaultAuthority authority =
                authority(
                        Map.of(
                                "VAULT_ROLE_ID", "machine",
                                "VAULT_SECRET_ID", "secret",
                                "VAULT_APPROLE_MOUNT", "machines"))) {
            authority.sign(request(), Duration.ofHours(1));
            authority.sign(request(), Duration.ofHours(1));
            assertThat(logins).isEqualTo(1);

            accepted = "another";
            authority.sign(request(), Duration.ofHours(1));
            assertThat(logins).isEqualTo(2);
        }
    }

    /** A token that lives for two seconds is renewed after one. */
    @Test
    void aTokenIsRenewedBeforeItEnds() throws IOException, InterruptedException {
        life = 2;
        try (VaultAuthority authority =
                authority(
                        Map.of(
                                "VAULT_ROLE_ID", "machine",
                                "VAULT_SECRET_ID", "secret",
                                "VAULT_APPROLE_MOUNT", "/machines/"))) {
            authority.sign(request(), Duration.ofHours(1));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (renewals == 0 && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(renewals).isPositive();
            assertThat(logins).isEqualTo(1);
        }
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() {
        CountDownLatch over = new CountDownLatch(1);
        vault.createContext(
                "/v1/slow/sign/mesh",
                exchange -> {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        VaultSettings settings =
                VaultSettings.of(
                        new Environment(
                                Map.of(
                                        "VAULT_ADDR",
                                        "http://127.0.0.1:" + vault.getAddress().getPort(),
                                        "VAULT_TOKEN",
                                        "given",
                                        "VAULT_PKI_MOUNT",
                                        "slow",
                                        "VAULT_PKI_ROLE",
                                        "mesh")),
                        new AgentFiles(directory));
        try (VaultAuthority slow =
                new VaultAuthority(settings, new AgentMetrics(), Duration.ofMillis(300))) {
            assertThatThrownBy(() -> slow.sign("csr", Duration.ofHours(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("did not answer in time");
        } finally {
            over.countDown();
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> authority(Map.of())).hasMessageContaining("VAULT_TOKEN_FILE");
        assertThatThrownBy(() -> authority(Map.of("VAULT_ADDR", "vault:8200")))
                .hasMessageContaining("VAULT_ADDR");
        assertThatThrownBy(() -> authority(Map.of("VAULT_PKI_ROLE", "")))
                .hasMessageContaining("VAULT_PKI_ROLE");
    }
}
