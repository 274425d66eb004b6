package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.testkit.TestCertificates;
import dev.attache.testkit.TokenLab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's identity from a real istiod: by token, also one that is mended, and by certificate.
 */
@Tag("conformance")
final class AgentIdentityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;

    @Test
    void istiodSignsByTokenAndThenByCertificate()
            throws IOException, InterruptedException, GeneralSecurityException {
        KeyPair key = TokenLab.rsa();
        byte[] keys =
                TokenLab.set(TokenLab.jwk(key.getPublic(), ",\"kid\":\"mesh\",\"alg\":\"RS256\""));
        HttpServer issuer =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, keys.length);
                    exchange.getResponseBody().write(keys);
                    exchange.close();
                });
        issuer.start();
        int secure = Ports.free();
        try (PeerProcess istiod = istiod(secure, issuer.getAddress().getPort())) {
            byTokenThatIsMended(secure, key, istiod);
            byCertificate(secure, istiod);
        } finally {
            issuer.stop(0);
        }
    }

    private void byTokenThatIsMended(int secure, KeyPair key, PeerProcess istiod)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path home = home("by-token", secure);
        Path token = home.resolve("var/run/secrets/tokens/istio-token");
        Files.createDirectories(token.getParent());
        Files.writeString(token, token(key, Instant.now().minusSeconds(600)));
        try (PeerProcess agent = agent(home, Map.of("SECRET_TTL", "8s"))) {
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () -> log(agent).contains("does not accept who this is")))
                    .as("%s", agent.log())
                    .isTrue();
            Files.writeString(token, token(key, Instant.now().plusSeconds(3600)));
            Set<String> chains = new HashSet<>();
            Path chain = home.resolve("out/cert-chain.pem");
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () -> {
                                        if (Files.exists(chain)) {
                                            chains.add(text(chain));
                                        }
                                        return chains.size() >= 3;
                                    }))
                    .as("%s%s", agent.log(), istiod.log())
                    .isTrue();
        }
        try (PeerProcess agent = agent(home, Map.of("SECRET_TTL", "1h"))) {
            Path chain = home.resolve("out/cert-chain.pem");
            String earlier = text(chain);
            assertThat(PeerProcess.eventually(PATIENCE, () -> !text(chain).equals(earlier)))
                    .as("%s", agent.log())
                    .isTrue();
        }
    }

    private void byCertificate(int secure, PeerProcess istiod)
            throws IOException, InterruptedException {
        Path home = home("by-certificate", secure);
        String provisioned = directory.resolve("by-token/out").toString();
        try (PeerProcess agent = agent(home, Map.of("PROV_CERT", provisioned))) {
            Path root = home.resolve("out/root-cert.pem");
            assertThat(PeerProcess.eventually(PATIENCE, () -> Files.exists(root)))
                    .as("%s%s", agent.log(), istiod.log())
                    .isTrue();
            assertThat(agent.log()).doesNotContain("using token instead");
        }
    }

    private Path home(String name, int secure) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(home.resolve("etc/istio/config"));
        Files.createDirectories(home.resolve("var/run/secrets/istio"));
        Files.writeString(
                home.resolve("etc/istio/config/mesh"),
                "defaultConfig: {discoveryAddress: 'localhost:%d', statusPort: %d}"
                        .formatted(secure, Ports.free()));
        Files.copy(
                directory.resolve("istiod/etc/cacerts/root-cert.pem"),
                home.resolve("var/run/secrets/istio/root-cert.pem"));
        return home;
    }

    private static PeerProcess agent(Path home, Map<String, String> more) throws IOException {
        Map<String, String> variables = new java.util.HashMap<>(more);
        variables.putAll(
                Map.of(
                        "DISABLE_ENVOY", "true",
                        "CLOUD_PLATFORM", "none",
                        "OUTPUT_CERTS", "out",
                        "POD_NAMESPACE", "default",
                        "SERVICE_ACCOUNT", "client"));
        return PeerProcess.start(
                home, variables, List.of(Peers.subject().toString(), "agent", "proxy", "sidecar"));
    }

    private PeerProcess istiod(int secure, int issuer) throws IOException {
        Path home = Files.createDirectories(directory.resolve("istiod"));
        Path authority = Files.createDirectories(home.resolve("etc/cacerts"));
        TestCertificates.Issued root = TestCertificates.authority("CN=mesh").self();
        Files.write(authority.resolve("ca-cert.pem"), root.certificatePem());
        Files.write(authority.resolve("root-cert.pem"), root.certificatePem());
        Files.write(authority.resolve("cert-chain.pem"), root.certificatePem());
        Files.write(authority.resolve("ca-key.pem"), root.keyPem());
        Files.createDirectories(home.resolve("objects"));
        Files.writeString(home.resolve("mesh.yaml"), "{}");
        return PeerProcess.start(
                home,
                Map.of(
                        "POD_NAMESPACE",
                        "istio-system",
                        "JWT_RULE",
                        "{\"issuer\":\"https://pods.mesh.test\",\"jwks_uri\":\"http://127.0.0.1:%d/jwks.json\",\"audiences\":[\"istio-ca\"]}"
                                .formatted(issuer)),
                List.of(
                        Peers.peer("pilot-discovery").toString(),
                        "discovery",
                        "--registries=",
                        "--configDir=objects",
                        "--meshConfig=mesh.yaml",
                        "--domain=cluster.local",
                        "--clusterID=Kubernetes",
                        "--grpcAddr=127.0.0.1:" + Ports.free(),
                        "--secureGRPCAddr=127.0.0.1:" + secure,
                        "--httpAddr=127.0.0.1:" + Ports.free(),
                        "--monitoringAddr=127.0.0.1:" + Ports.free(),
                        "--ctrlz_port=0"));
    }

    private static String token(KeyPair key, Instant until) throws GeneralSecurityException {
        return TokenLab.signed(
                "RS256",
                key.getPrivate(),
                "{\"alg\":\"RS256\",\"kid\":\"mesh\"}",
                "{\"iss\":\"https://pods.mesh.test\",\"sub\":\"system:serviceaccount:default:client\",\"aud\":[\"istio-ca\"],\"iat\":%d,\"exp\":%d}"
                        .formatted(until.getEpochSecond() - 3600, until.getEpochSecond()));
    }

    private static String log(PeerProcess process) {
        try {
            return process.log();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
