package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import dev.attache.testkit.TestCertificates;
import dev.attache.testkit.TokenLab;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Vault signs, whose authority is below the mesh's root: the agent's identity by token and by
 * AppRole, what is said where Vault refuses, and a machine that is onboarded with nothing but
 * Vault's token and connects to a real istiod.
 */
@Tag("conformance")
final class VaultIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TestCertificates MESH = TestCertificates.authority("O=mesh");
    private static final String NAME = "spiffe://cluster.local/ns/default/sa/vm";

    @TempDir static Path directory;
    private static OpenBao vault;

    @BeforeAll
    static void vaultIsThere() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isExecutable(OpenBao.program()), "no OpenBao: .ci/peers/vault.sh builds it");
        vault = new OpenBao(directory.resolve("vault"), MESH);
    }

    @AfterAll
    static void vaultEnds() {
        if (vault != null) {
            vault.close();
        }
    }

    /** The secret is good for one login, its token lives for 6 seconds: it has to be renewed. */
    @Test
    void aMachineLogsInOnceAndIsGivenOneCertificateAfterTheOther()
            throws IOException, InterruptedException, GeneralSecurityException {
        Path home = AgentPod.home(directory, "role", Ports.free());
        Map<String, String> role =
                Map.of(
                        "VAULT_ROLE_ID",
                        vault.roleId(),
                        "VAULT_SECRET_ID",
                        vault.secretId(Map.of("num_uses", 1)));
        try (PeerProcess agent = agent(home, role)) {
            Set<String> chains = new LinkedHashSet<>();
            Path chain = home.resolve("out/cert-chain.pem");
            boolean rotated =
                    PeerProcess.eventually(
                            PATIENCE,
                            () -> {
                                if (Files.exists(chain)) {
                                    chains.add(text(chain));
                                }
                                return chains.size() >= 4;
                            });
            assertThat(rotated).as("%s", agent.log()).isTrue();
            for (String each : chains) {
                signed(each);
            }
            assertThat(text(home.resolve("out/root-cert.pem")).strip())
                    .isEqualTo(new String(MESH.pem(), StandardCharsets.US_ASCII).strip());
            assertThat(agent.log()).doesNotContain("not renewed");
        }
    }

    private static void signed(String chain) throws GeneralSecurityException {
        List<X509Certificate> all = certificates(chain);
        assertThat(all.getFirst().getSubjectAlternativeNames().toString()).contains("[6, " + NAME);
        assertThat(all).hasSize(3);
        all.get(0).verify(all.get(1).getPublicKey());
        all.get(1).verify(all.get(2).getPublicKey());
        assertThat(all.get(2)).isEqualTo(MESH.self().certificate());
    }

    private static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** Each refusal is said, and mending it is enough: nothing is started again. */
    @Test
    void whatVaultRefusesIsSaidUntilItIsMended() throws IOException, InterruptedException {
        Path home = AgentPod.home(directory, "token", Ports.free());
        Path token = home.resolve("vault-token");
        try (PeerProcess agent = agent(home, Map.of("VAULT_TOKEN_FILE", "vault-token"))) {
            says(agent, "vault-token (VAULT_TOKEN_FILE) cannot be read: NoSuchFileException");
            Files.writeString(token, vault.token("other", "1h"));
            says(agent, "the token's policy has to allow `update` on pki/sign/mesh");
            Path chain = home.resolve("out/cert-chain.pem");
            assertThat(Files.exists(chain)).isFalse();
            Files.writeString(token, vault.token(OpenBao.POLICY, "1h"));
            anotherThan(agent, chain, "");
            vault.seal();
            try {
                says(agent, " is sealed (503 to pki/sign/mesh): unseal it");
                assertThat(agent.log()).contains("the workload certificate expires in ");
            } finally {
                vault.unseal();
            }
            anotherThan(agent, chain, text(chain));
        }
    }

    private static void says(PeerProcess agent, String words)
            throws IOException, InterruptedException {
        assertThat(PeerProcess.eventually(PATIENCE, () -> agent.says(words)))
                .as("%s in %s", words, agent.log())
                .isTrue();
    }

    private static void anotherThan(PeerProcess agent, Path chain, String earlier)
            throws IOException, InterruptedException {
        assertThat(
                        PeerProcess.eventually(
                                PATIENCE,
                                () -> Files.exists(chain) && !text(chain).equals(earlier)))
                .as("%s", agent.log())
                .isTrue();
    }

    @Test
    void aMachineIsOnboardedByVaultAlone() throws Exception {
        Path token = directory.resolve("onboarding-token");
        Files.writeString(token, vault.token(OpenBao.POLICY, "1h"));
        vault.role("curves", Map.of("key_type", "ec", "key_bits", 256));
        vault.role("others", Map.of("allowed_uri_sans", "spiffe://elsewhere/*"));
        vault.role("named", Map.of("require_cn", true));
        try (SigningIstiod istiod = new SigningIstiod(directory, MESH)) {
            Path root = Files.write(directory.resolve("mesh-root.pem"), MESH.pem());
            OnboardedImage machine =
                    new OnboardedImage(
                            istiod,
                            directory.resolve("machine"),
                            "vm",
                            List.of(
                                    "--root-cert=" + root,
                                    "--vault-address=" + vault.address(),
                                    "--vault-role=mesh",
                                    "--vault-token=" + token,
                                    "--vault-root=" + vault.trusted()));
            refusals(machine, root);
            assertThat(machine.onboarded()).contains("signed " + NAME);
            assertThat(machine.started()).contains(NAME);
        }
    }

    private void refusals(OnboardedImage machine, Path root)
            throws IOException, InterruptedException {
        refuses(machine, "unknown role: nobody", "VAULT_PKI_ROLE", "--vault-role=nobody");
        refuses(machine, "403 to pk/sign/mesh", "VAULT_PKI_MOUNT", "--vault-mount=pk");
        refuses(machine, "role requires keys of type ec", "key_type=any", "--vault-role=curves");
        refuses(machine, "not valid for this role", "allowed_uri_sans", "--vault-role=others");
        refuses(machine, "common_name field is required", "require_cn", "--vault-role=named");
        String nowhere = "--vault-address=https://localhost:" + Ports.free();
        refuses(machine, "refuses the connection: nothing listens", "VAULT_ADDR", nowhere);
        refuses(machine, "no TLS with", "VAULT_CACERT", "--vault-root=" + root);
        String nobody = "--vault-address=https://vault.invalid:8200";
        refuses(machine, "the name vault.invalid has no address", "VAULT_ADDR", nobody);
        String plain = "--vault-address=" + vault.address().replace("https", "http");
        refuses(machine, "HTTP request to an HTTPS server", "https://", plain);
        Path other = directory.resolve("other-token");
        String token = "--vault-token=" + other;
        Files.writeString(other, "s.nonsense");
        refuses(machine, "permission denied", "has expired, was revoked", token);
        Files.writeString(other, "two words");
        refuses(machine, "more than one word", "as one word", token);
        Files.writeString(other, " \n");
        refuses(machine, "is empty", "write the token", token);
        vault.seal();
        try {
            refuses(machine, "is sealed", "unseal it", "--vault-role=mesh");
        } finally {
            vault.unseal();
        }
    }

    private static void refuses(OnboardedImage machine, String what, String remedy, String flag)
            throws IOException, InterruptedException {
        machine.refuses(18, what, remedy, flag);
    }

    /** Unit tests answer by a file: what it says is what a real Vault says. */
    @Test
    void theAnswersThatUnitTestsGiveAreTrue() throws Exception {
        Path file = Peers.root().resolve("agent/src/test/resources/vault/answers.json");
        Map<String, Object> recorded = Tree.map(Tree.parse(Files.readString(file)));
        Map<String, OpenBao.Answer> real = new TreeMap<>();
        signatures(real);
        logins(real);
        assertThat(real.keySet()).isEqualTo(new TreeMap<>(recorded).keySet());
        real.forEach((name, answer) -> {
            Map<String, Object> one = Tree.map(recorded.get(name));
            assertThat(answer.status()).as(name).isEqualTo(Tree.number(one.get("status"), 0));
            assertThat(shape(answer.body())).as(name).isEqualTo(shape(one.get("body")));
        });
    }

    private void signatures(Map<String, OpenBao.Answer> real) throws Exception {
        String good = vault.token(OpenBao.POLICY, "1h");
        Map<String, Object> request = Map.of("csr", csr(), "ttl", "3600s");
        vault.role("curves", Map.of("key_type", "ec", "key_bits", 256));
        vault.role("large", Map.of("key_bits", 4096));
        vault.role("others", Map.of("allowed_uri_sans", "spiffe://elsewhere/*"));
        vault.role("named", Map.of("require_cn", true));
        vault.good("sys/mounts/empty", Map.of("type", "pki"));
        vault.good("empty/roles/mesh", Map.of("require_cn", false));
        real.put("signed", vault.post("pki/sign/mesh", good, request));
        Map<String, Object> longer = Map.of("csr", csr(), "ttl", "87600h");
        real.put("shortened", vault.post("pki/sign/mesh", good, longer));
        real.put("unknown token", vault.post("pki/sign/mesh", "s.nonsense", request));
        String other = vault.token("other", "1h");
        real.put("policy", vault.post("pki/sign/mesh", other, request));
        real.put("role", vault.post("pki/sign/nobody", good, request));
        real.put("mount", vault.asRoot("pk/sign/mesh", request));
        real.put("namespace", vault.ofNamespace("team", "pki/sign/mesh", good, request));
        real.put("key", vault.post("pki/sign/curves", good, request));
        real.put("bits", vault.post("pki/sign/large", good, request));
        real.put("name", vault.post("pki/sign/others", good, request));
        real.put("common name", vault.post("pki/sign/named", good, request));
        real.put("no issuer", vault.asRoot("empty/sign/mesh", request));
        vault.seal();
        try {
            real.put("sealed", vault.post("pki/sign/mesh", good, request));
        } finally {
            vault.unseal();
        }
    }

    private void logins(Map<String, OpenBao.Answer> real) throws IOException, InterruptedException {
        String role = vault.roleId();
        String secret = vault.secretId(Map.of("num_uses", 1));
        Map<String, Object> both = Map.of("role_id", role, "secret_id", secret);
        OpenBao.Answer login = vault.post("auth/approle/login", "", both);
        real.put("login", login);
        real.put("secret", vault.post("auth/approle/login", "", both));
        real.put("no secret", vault.post("auth/approle/login", "", Map.of("role_id", role)));
        real.put("no such login", vault.post("auth/nothing/login", "", both));
        String token = Tree.text(login.auth().get("client_token"), "");
        real.put("lookup", vault.get("auth/token/lookup-self", token));
        real.put("renewed", vault.post("auth/token/renew-self", token, Map.of()));
    }

    /** Errors as they are; of the rest what kind of value each field has. */
    private static Object shape(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> shapes = new TreeMap<>();
                map.forEach((name, each) ->
                        shapes.put(
                                String.valueOf(name),
                                "errors".equals(name) ? String.valueOf(each) : shape(each)));
                yield shapes;
            }
            case List<?> list -> List.of(shape(list.getFirst()));
            case Number ignored -> "number";
            case Boolean truth -> truth;
            case null -> "null";
            default -> "text";
        };
    }

    private static String csr() throws Exception {
        KeyPair key = TokenLab.rsa();
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(
                Extension.subjectAlternativeName,
                true,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, NAME)));
        byte[] request =
                new JcaPKCS10CertificationRequestBuilder(new X500Name("O=x"), key.getPublic())
                        .addAttribute(
                                PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                                extensions.generate())
                        .build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate()))
                        .getEncoded();
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(request)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    private static PeerProcess agent(Path home, Map<String, String> more) throws IOException {
        Map<String, String> variables = new HashMap<>(more);
        variables.putAll(
                Map.of(
                        "CA_PROVIDER", "Vault",
                        "VAULT_ADDR", vault.address(),
                        "VAULT_CACERT", vault.trusted().toString(),
                        "VAULT_PKI_ROLE", "mesh",
                        "DISABLE_ENVOY", "true",
                        "CLOUD_PLATFORM", "none",
                        "OUTPUT_CERTS", "out",
                        "POD_NAMESPACE", "default",
                        "SERVICE_ACCOUNT", "vm",
                        "SECRET_TTL", "8s"));
        return PeerProcess.start(home, variables, AgentPod.ours("sidecar"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
