package dev.attache.mesh;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An istiod on files that signs certificates by tokens, and can go away and come back. */
final class SigningIstiod implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final int secure = Ports.free();
    private final int http = Ports.free();
    private final KeyPair key = TokenLab.rsa();
    private final HttpServer issuer;
    private PeerProcess process;

    /** Starts it and waits until it answers. */
    SigningIstiod(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        home = Files.createDirectories(directory.resolve("istiod"));
        Path authority = Files.createDirectories(home.resolve("etc/cacerts"));
        TestCertificates.Issued root = TestCertificates.authority("CN=mesh").self();
        for (String file : List.of("ca-cert.pem", "root-cert.pem", "cert-chain.pem")) {
            Files.write(authority.resolve(file), root.certificatePem());
        }
        Files.write(authority.resolve("ca-key.pem"), root.keyPem());
        Files.createDirectories(home.resolve("objects"));
        Files.writeString(home.resolve("mesh.yaml"), "{defaultProviders: {}}");
        Files.writeString(home.resolve("networks.yaml"), "{}");
        issuer = issuer();
        process = launch();
        await();
    }

    private HttpServer issuer() throws IOException, GeneralSecurityException {
        byte[] keys =
                TokenLab.set(TokenLab.jwk(key.getPublic(), ",\"kid\":\"mesh\",\"alg\":\"RS256\""));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, keys.length);
                    exchange.getResponseBody().write(keys);
                    exchange.close();
                });
        server.start();
        return server;
    }

    /** The port with TLS. */
    int secure() {
        return secure;
    }

    /** Writes an object's file. */
    void apply(String name, String yaml) throws IOException {
        Path written = Files.createTempFile(home, "object", ".yaml");
        Files.writeString(written, yaml);
        Files.move(written, home.resolve("objects").resolve(name + ".yaml"));
    }

    /** Gives a pod's home the mesh's root and the token of an account. */
    void furnish(Path pod, String account) throws IOException {
        Path secrets = pod.resolve("var/run/secrets");
        Files.createDirectories(secrets.resolve("istio"));
        Files.createDirectories(secrets.resolve("tokens"));
        Files.copy(
                home.resolve("etc/cacerts/root-cert.pem"), secrets.resolve("istio/root-cert.pem"));
        long now = Instant.now().getEpochSecond();
        try {
            Files.writeString(
                    secrets.resolve("tokens/istio-token"),
                    TokenLab.signed(
                            "RS256",
                            key.getPrivate(),
                            "{\"alg\":\"RS256\",\"kid\":\"mesh\"}",
                            "{\"iss\":\"https://pods.mesh.test\",\"sub\":\"system:serviceaccount:default:%s\",\"aud\":[\"istio-ca\"],\"iat\":%d,\"exp\":%d}"
                                    .formatted(account, now - 60, now + 3600)));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** The page of who is connected. */
    String connected() {
        return PeerProcess.http("GET", http, "/debug/syncz");
    }

    void stop() {
        process.close();
    }

    /** Starts it again at the same ports, and waits until it answers. */
    void again() throws IOException, InterruptedException {
        process = launch();
        await();
    }

    String log() throws IOException {
        return process.log();
    }

    private void await() throws IOException, InterruptedException {
        if (!PeerProcess.eventually(PATIENCE, () -> !connected().isEmpty())) {
            throw new IOException("istiod did not start:\n" + log());
        }
    }

    private PeerProcess launch() throws IOException {
        Map<String, String> variables = new HashMap<>(MeshWalk.WITHOUT_FILTERS);
        variables.put("POD_NAMESPACE", "istio-system");
        variables.put(
                "JWT_RULE",
                "{\"issuer\":\"https://pods.mesh.test\",\"jwks_uri\":\"http://127.0.0.1:%d/jwks.json\",\"audiences\":[\"istio-ca\"]}"
                        .formatted(issuer.getAddress().getPort()));
        return PeerProcess.start(
                home,
                variables,
                List.of(
                        Peers.peer("pilot-discovery").toString(),
                        "discovery",
                        "--registries=",
                        "--configDir=objects",
                        "--meshConfig=mesh.yaml",
                        "--networksConfig=networks.yaml",
                        "--domain=cluster.local",
                        "--clusterID=Kubernetes",
                        "--grpcAddr=127.0.0.1:" + Ports.free(),
                        "--secureGRPCAddr=127.0.0.1:" + secure,
                        "--httpAddr=127.0.0.1:" + http,
                        "--monitoringAddr=127.0.0.1:" + Ports.free(),
                        "--ctrlz_port=0"));
    }

    @Override
    public void close() {
        process.close();
        issuer.stop(0);
    }
}
