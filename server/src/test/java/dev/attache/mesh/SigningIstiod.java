package dev.attache.mesh;

import com.sun.net.httpserver.HttpServer;
import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.interception.Space;
import dev.attache.iptables.kernel.NetworkNamespace;
import dev.attache.testkit.TestCertificates;
import dev.attache.testkit.TokenLab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An istiod on files that signs certificates by tokens, and can go away and come back; on the
 * loopback, or in a space of its own at the ports that it has in a cluster.
 */
final class SigningIstiod implements AutoCloseable {
    /** A mesh whose configurations need no filters but Envoy's own. */
    static final String PLAIN = "{defaultProviders: {}}";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final Path home;
    private final @Nullable Space space;
    private final Map<String, String> variables;
    private final int secure;
    private final int http;
    private final KeyPair key = TokenLab.rsa();
    private final HttpServer issuer;
    private PeerProcess process;

    /** Starts it on free ports of the loopback and waits until it answers. */
    SigningIstiod(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        this(directory, TestCertificates.authority("CN=mesh"));
    }

    /**
     * The same.
     *
     * @param authority whose key it signs by
     */
    SigningIstiod(Path directory, TestCertificates authority)
            throws IOException, InterruptedException, GeneralSecurityException {
        this(directory, authority, authority, true);
    }

    /**
     * The same.
     *
     * @param root what has signed the authority
     * @param shown whether istiod sends the root with its own certificate
     */
    SigningIstiod(Path directory, TestCertificates authority, TestCertificates root, boolean shown)
            throws IOException, InterruptedException, GeneralSecurityException {
        this(directory, null, Map.of());
        furnish(home, authority, PLAIN);
        if (root != authority) {
            Path certificates = home.resolve("etc/cacerts");
            Files.write(certificates.resolve("root-cert.pem"), root.pem());
            byte[] above = shown ? root.pem() : new byte[0];
            Files.write(certificates.resolve("cert-chain.pem"), above, StandardOpenOption.APPEND);
        }
        process = launch();
        await();
    }

    /**
     * The same at the usual ports of all addresses of a space.
     *
     * @param mesh the mesh's configuration
     * @param variables more than it has anyhow
     */
    SigningIstiod(Path directory, @Nullable Space space, String mesh, Map<String, String> variables)
            throws IOException, InterruptedException, GeneralSecurityException {
        this(directory, space, variables);
        furnish(home, TestCertificates.authority("CN=mesh"), mesh);
        process = launch();
        await();
    }

    private SigningIstiod(Path directory, @Nullable Space space, Map<String, String> variables)
            throws IOException, GeneralSecurityException {
        this.space = space;
        this.variables = Map.copyOf(variables);
        secure = space == null ? Ports.free() : 15012;
        http = space == null ? Ports.free() : 8080;
        home = Files.createDirectories(directory.resolve("istiod"));
        issuer = issuer();
    }

    /**
     * Writes the files that such an istiod reads in its home.
     *
     * @param authority whose key it signs by
     * @param mesh the mesh's configuration
     */
    static void furnish(Path home, TestCertificates authority, String mesh) throws IOException {
        Path certificates = Files.createDirectories(home.resolve("etc/cacerts"));
        for (String file : List.of("ca-cert.pem", "root-cert.pem", "cert-chain.pem")) {
            Files.write(certificates.resolve(file), authority.pem());
        }
        Files.write(certificates.resolve("ca-key.pem"), authority.self().keyPem());
        Files.createDirectories(home.resolve("objects"));
        Files.writeString(home.resolve("mesh.yaml"), mesh);
        Files.writeString(home.resolve("networks.yaml"), "{}");
    }

    /** The program and its arguments for a home with those files, and where it is to listen. */
    static List<String> command(String... addresses) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Peers.peer("pilot-discovery").toString(),
                                "discovery",
                                "--registries=",
                                "--configDir=objects",
                                "--meshConfig=mesh.yaml",
                                "--networksConfig=networks.yaml",
                                "--domain=cluster.local",
                                "--clusterID=Kubernetes"));
        command.addAll(List.of(addresses));
        return command;
    }

    private HttpServer issuer() throws IOException, GeneralSecurityException {
        byte[] keys =
                TokenLab.set(TokenLab.jwk(key.getPublic(), ",\"kid\":\"mesh\",\"alg\":\"RS256\""));
        InetSocketAddress own = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = inside(() -> HttpServer.create(own, 0));
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

    /** Gives a pod's home the mesh's root. */
    void trust(Path pod) throws IOException {
        Path secrets = Files.createDirectories(pod.resolve("var/run/secrets/istio"));
        Files.copy(home.resolve("etc/cacerts/root-cert.pem"), secrets.resolve("root-cert.pem"));
    }

    /**
     * Gives a pod's home the token of an account.
     *
     * @param lasting from now on; negative where it has expired
     */
    void token(Path pod, String account, Duration lasting) throws IOException {
        Path tokens = Files.createDirectories(pod.resolve("var/run/secrets/tokens"));
        Instant until = Instant.now().plus(lasting);
        try {
            Files.writeString(
                    tokens.resolve("istio-token"),
                    TokenLab.signed(
                            "RS256",
                            key.getPrivate(),
                            "{\"alg\":\"RS256\",\"kid\":\"mesh\"}",
                            "{\"iss\":\"https://pods.mesh.test\",\"sub\":\"system:serviceaccount:default:%s\",\"aud\":[\"istio-ca\"],\"iat\":%d,\"exp\":%d}"
                                    .formatted(
                                            account,
                                            until.minus(LIFETIME).getEpochSecond(),
                                            until.getEpochSecond())));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** The page of who is connected. */
    String connected() {
        return page("/debug/syncz");
    }

    /** A page with the status before it, or what went wrong. */
    String page(String path) {
        try {
            return inside(() -> AgentCalls.get(http, path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T inside(NetworkNamespace.Work<T> work) throws IOException {
        return space == null ? work.run() : NetworkNamespace.in(space.path(), work);
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
        if (!PeerProcess.eventually(PATIENCE, () -> connected().startsWith("200"))) {
            throw new IOException("istiod did not start:\n" + log());
        }
    }

    private PeerProcess launch() throws IOException {
        Map<String, String> all = new HashMap<>(MeshWalk.WITHOUT_FILTERS);
        all.putAll(variables);
        all.put("POD_NAMESPACE", "istio-system");
        all.put("ISTIOD_CUSTOM_HOST", "localhost"); // a name of its certificate
        all.put(
                "JWT_RULE",
                "{\"issuer\":\"https://pods.mesh.test\",\"jwks_uri\":\"http://127.0.0.1:%d/jwks.json\",\"audiences\":[\"istio-ca\"]}"
                        .formatted(issuer.getAddress().getPort()));
        if (space == null) {
            return PeerProcess.start(
                    home,
                    all,
                    command(
                            "--grpcAddr=127.0.0.1:" + Ports.free(),
                            "--secureGRPCAddr=127.0.0.1:" + secure,
                            "--httpAddr=127.0.0.1:" + http,
                            "--monitoringAddr=127.0.0.1:" + Ports.free(),
                            "--ctrlz_port=0"));
        }
        List<String> program = new ArrayList<>(space.entering(0, 0));
        program.addAll(
                command(
                        "--grpcAddr=:15010",
                        "--secureGRPCAddr=:" + secure,
                        "--httpAddr=:" + http,
                        "--monitoringAddr=:15014"));
        return PeerProcess.start(home, all, program);
    }

    @Override
    public void close() {
        process.close();
        issuer.stop(0);
    }
}
