package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A Vault (OpenBao, which has the same interface): its engine {@code pki} is an authority below the
 * mesh's root and its role {@code mesh} signs names of the mesh; {@code approle} has the machine
 * {@code vm}. Nothing is kept on disk. One thread.
 */
final class OpenBao implements AutoCloseable {
    static final String POLICY = "mesh";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestCertificates own = TestCertificates.authority("CN=vault root");
    private final Path directory;
    private final int port;
    private final PeerProcess process;
    private final HttpClient client;
    private String unsealing = "";
    private String root = "";

    /** What was answered. */
    record Answer(int status, Map<String, Object> body) {
        Map<String, Object> data() {
            return Tree.map(body.get("data"));
        }

        Map<String, Object> auth() {
            return Tree.map(body.get("auth"));
        }
    }

    static Path program() {
        return Peers.peer("vault").resolve("bao");
    }

    /**
     * Starts it and waits until it signs.
     *
     * @param mesh the root
     */
    OpenBao(Path directory, TestCertificates mesh) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        this.port = Ports.free();
        TestCertificates.Issued tls = own.leaf("CN=vault").dns("localhost").issue();
        Files.write(directory.resolve("vault-root.pem"), own.pem());
        Files.write(directory.resolve("cert.pem"), tls.certificatePem());
        Files.write(directory.resolve("key.pem"), tls.keyPem());
        Files.writeString(
                directory.resolve("vault.hcl"),
                """
                storage "inmem" {}
                listener "tcp" {
                  address = "127.0.0.1:%d"
                  tls_cert_file = "cert.pem"
                  tls_key_file = "key.pem"
                }
                api_addr = "https://localhost:%d"
                """
                        .formatted(port, port));
        client = client(own);
        process =
                PeerProcess.start(
                        directory,
                        Map.of(),
                        List.of(program().toString(), "server", "-config=vault.hcl"));
        furnish(mesh);
    }

    private static HttpClient client(TestCertificates trusted) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("root", trusted.self().certificate());
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context).build();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void furnish(TestCertificates mesh) throws IOException, InterruptedException {
        if (!PeerProcess.eventually(PATIENCE, this::answers)) {
            throw new IOException("OpenBao did not start:\n" + process.log());
        }
        Answer keys = post("sys/init", "", Map.of("secret_shares", 1, "secret_threshold", 1));
        unsealing = Tree.strings(keys.body().get("keys")).getFirst();
        root = Tree.text(keys.body().get("root_token"), "");
        unseal();
        mount("sys/mounts/above", "pki");
        mount("sys/mounts/pki", "pki");
        mount("sys/auth/approle", "approle");
        byte[] bundle = Files.readAllBytes(write("mesh.pem", mesh.pem(), mesh.self().keyPem()));
        good(
                "above/config/ca",
                Map.of("pem_bundle", new String(bundle, StandardCharsets.US_ASCII)));
        Answer request =
                good("pki/intermediate/generate/internal", Map.of("common_name", "vault's"));
        Answer signed =
                good(
                        "above/root/sign-intermediate",
                        Map.of("csr", text(request, "csr"), "common_name", "vault's"));
        String chain = text(signed, "certificate") + "\n" + text(signed, "issuing_ca");
        good("pki/intermediate/set-signed", Map.of("certificate", chain));
        role("mesh", Map.of());
        good(
                "sys/policies/acl/" + POLICY,
                Map.of("policy", "path \"pki/sign/*\" { capabilities = [\"update\"] }"));
        good(
                "sys/policies/acl/other",
                Map.of("policy", "path \"kv/*\" { capabilities = [\"read\"] }"));
        good("auth/approle/role/vm", Map.of("token_policies", List.of(POLICY), "token_ttl", "6s"));
    }

    private Path write(String name, byte[]... parts) throws IOException {
        Path file = directory.resolve(name);
        try (var out = Files.newOutputStream(file)) {
            for (byte[] part : parts) {
                out.write(part);
                out.write('\n');
            }
        }
        return file;
    }

    private boolean answers() {
        return statusOf("sys/seal-status") == 200;
    }

    private boolean active() {
        return statusOf("sys/health") == 200;
    }

    /** Zero where nobody answers. */
    private int statusOf(String page) {
        try {
            return get(page, "").status();
        } catch (IOException notYet) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void mount(String path, String type) throws IOException, InterruptedException {
        good(path, Map.of("type", type, "config", Map.of("max_lease_ttl", "87600h")));
    }

    /** A role as the manual of the agent has it, with other settings beside. */
    void role(String name, Map<String, Object> more) throws IOException, InterruptedException {
        Map<String, Object> settings =
                new java.util.HashMap<>(
                        Map.of(
                                "require_cn",
                                false,
                                "use_csr_sans",
                                true,
                                "allowed_uri_sans",
                                "spiffe://cluster.local/*",
                                "max_ttl",
                                "24h"));
        settings.putAll(more);
        good("pki/roles/" + name, settings);
    }

    /** A token with a policy and a life. */
    String token(String policy, String life) throws IOException, InterruptedException {
        Answer made =
                good(
                        "auth/token/create",
                        Map.of("policies", List.of(policy), "ttl", life, "no_parent", true));
        return Tree.text(made.auth().get("client_token"), "");
    }

    /** The number of the machine {@code vm}. */
    String roleId() throws IOException, InterruptedException {
        return text(get("auth/approle/role/vm/role-id", root), "role_id");
    }

    /** A new secret of the machine {@code vm}. */
    String secretId(Map<String, Object> settings) throws IOException, InterruptedException {
        return text(good("auth/approle/role/vm/secret-id", settings), "secret_id");
    }

    void seal() throws IOException, InterruptedException {
        good("sys/seal", Map.of());
    }

    void unseal() throws IOException, InterruptedException {
        post("sys/unseal", "", Map.of("key", unsealing));
        boolean active = PeerProcess.eventually(PATIENCE, this::active);
        if (!active) {
            throw new IOException("OpenBao is not active:\n" + process.log());
        }
    }

    /** As root; fails where it is refused. */
    Answer good(String path, Map<String, Object> message) throws IOException, InterruptedException {
        Answer answer = post(path, root, message);
        if (answer.status() >= 300) {
            throw new IOException(path + ": " + answer);
        }
        return answer;
    }

    Answer post(String path, String token, Map<String, Object> message)
            throws IOException, InterruptedException {
        return ask("POST", path, token, Tree.json(message, false));
    }

    /** As root, whatever is answered. */
    Answer asRoot(String path, Map<String, Object> message)
            throws IOException, InterruptedException {
        return post(path, root, message);
    }

    /** In a namespace. */
    Answer ofNamespace(String name, String path, String token, Map<String, Object> message)
            throws IOException, InterruptedException {
        return ask("POST", path, token, Tree.json(message, false), "x-vault-namespace", name);
    }

    /** What is asked without a message. */
    Answer get(String path, String token) throws IOException, InterruptedException {
        return ask("GET", path, token, null);
    }

    private Answer ask(
            String method, String path, String token, @Nullable String message, String... header)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address() + "/v1/" + path))
                        .method(
                                method,
                                message == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(message));
        if (!token.isEmpty()) {
            request.header("x-vault-token", token);
        }
        if (header.length > 0) {
            request.headers(header);
        }
        HttpResponse<String> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), Tree.map(Tree.parse(response.body())));
    }

    private static String text(Answer answer, String field) {
        return Tree.text(answer.data().get(field), "");
    }

    /** {@code VAULT_ADDR}. */
    String address() {
        return "https://localhost:" + port;
    }

    /** {@code VAULT_CACERT}. */
    Path trusted() {
        return directory.resolve("vault-root.pem").toAbsolutePath();
    }

    String log() throws IOException {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
        client.close();
    }
}
