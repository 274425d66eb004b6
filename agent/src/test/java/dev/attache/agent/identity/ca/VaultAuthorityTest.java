package dev.attache.agent.identity.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against a stub of Vault's HTTP interface. Its answers are those of {@code vault/answers.json},
 * which a real one is asked for, too ({@code VaultIT}).
 */
class VaultAuthorityTest {

    private final StubVault vault = new StubVault();
    @TempDir Path directory;

    @AfterEach
    void stop() {
        vault.close();
    }

    private VaultAuthority authority(Map<String, String> more) {
        Map<String, String> variables =
                new HashMap<>(
                        Map.of(
                                "VAULT_ADDR",
                                vault.address(),
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
    void connectionsLeaveFromWhereThoseToTheControlPlaneDo() throws IOException {
        Map<String, String> variables =
                Map.of(
                        "VAULT_TOKEN", "given",
                        "ATTACHE_CONTROL_PLANE_ADDRESS", "fd00::77,127.0.0.77");
        try (VaultAuthority authority = authority(variables)) {
            authority.sign(request(), Duration.ofHours(1));
        }
        assertThat(vault.from).isEqualTo("127.0.0.77");
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
            assertThat(signed.roots()).containsExactly(vault.signer.root().strip());
            assertThat(vault.asked).contains("/v1/team-pki/sign/mesh team");
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
            assertThat(vault.logins).isEqualTo(1);

            vault.accepted = "another";
            authority.sign(request(), Duration.ofHours(1));
            assertThat(vault.logins).isEqualTo(2);
        }
    }

    /** A token that lives for two seconds is renewed after one. */
    @Test
    void aTokenIsRenewedBeforeItEnds() throws IOException, InterruptedException {
        vault.life = 2;
        try (VaultAuthority authority =
                authority(
                        Map.of(
                                "VAULT_ROLE_ID", "machine",
                                "VAULT_SECRET_ID", "secret",
                                "VAULT_APPROLE_MOUNT", "/machines/"))) {
            authority.sign(request(), Duration.ofHours(1));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (vault.renewals == 0 && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(vault.renewals).isPositive();
            assertThat(vault.logins).isEqualTo(1);
        }
    }

    /** A given token, too, if its policy is that of any token. */
    @Test
    void aGivenTokenIsRenewedBeforeItEnds() throws IOException, InterruptedException {
        vault.life = 2;
        try (VaultAuthority authority = authority(Map.of("VAULT_TOKEN", "given"))) {
            authority.sign(request(), Duration.ofHours(1));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (vault.renewals == 0 && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(vault.renewals).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "policy, has to allow `update` on team-pki/sign/mesh",
        "role, VAULT_PKI_ROLE",
        "mount, VAULT_PKI_MOUNT",
        "namespace, VAULT_NAMESPACE",
        "key, ECC_SIGNATURE_ALGORITHM",
        "bits, WORKLOAD_RSA_KEY_SIZE",
        "name, allowed_uri_sans",
        "common name, require_cn=false",
        "no issuer, make an issuer",
        "sealed, vault operator unseal"
    })
    void whatIsRefusedIsSaidWithItsRemedy(String name, String remedy) {
        vault.refusal = name;
        String said = String.valueOf(StubVault.errors(name).getFirst());
        String words = said.substring(said.lastIndexOf('*') + 1).strip();
        try (VaultAuthority authority = authority(Map.of("VAULT_TOKEN", "given"))) {
            assertThatThrownBy(() -> authority.sign(request(), Duration.ofHours(1)))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining(name.equals("sealed") ? "is sealed (503" : words)
                    .hasMessageContaining(remedy);
        }
    }

    @Test
    void aLoginThatIsRefusedIsSaid() {
        try (VaultAuthority authority =
                authority(Map.of("VAULT_ROLE_ID", "x", "VAULT_APPROLE_MOUNT", "machines"))) {
            assertThatThrownBy(() -> authority.sign(request(), Duration.ofHours(1)))
                    .hasMessageContaining("answers 400 to auth/machines/login: invalid role or")
                    .hasMessageContaining("VAULT_SECRET_ID");
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        Map<String, String> token = Map.of("VAULT_TOKEN", "given");
        Map<String, String> words =
                Map.of(
                        "http://vault.invalid:8200", "the name vault.invalid has no address",
                        "http://127.0.0.1:1", "refuses the connection: nothing listens there");
        words.forEach((address, said) -> {
            Map<String, String> all = new HashMap<>(token);
            all.put("VAULT_ADDR", address);
            try (VaultAuthority authority = authority(all)) {
                assertThatThrownBy(() -> authority.sign(request(), Duration.ofHours(1)))
                        .isInstanceOf(VaultException.class)
                        .hasMessageContaining(said);
            }
        });
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() {
        CountDownLatch over = new CountDownLatch(1);
        vault.page(
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
                                        vault.address(),
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
        assertThatThrownBy(() -> authority(Map.of("VAULT_TOKEN", "two words")))
                .hasMessageContaining("VAULT_TOKEN is to be one word")
                .hasMessageNotContaining("two words");
        assertThatThrownBy(() -> authority(Map.of("VAULT_PKI_ROLE", "")))
                .hasMessageContaining("VAULT_PKI_ROLE");
    }
}
