package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Kubernetes' API server without nodes: its store in memory (kine), the server, and the controllers
 * that need no node, on loopback and without root. Closing it ends them.
 */
final class KubernetesServers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "admin-token";

    private final Deque<PeerProcess> processes = new ArrayDeque<>();
    private final Path directory;
    private final int port = Ports.free();
    private final KubernetesApi api;

    /** Starts them; takes some four seconds on a quiet machine. */
    KubernetesServers(Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        this.directory = directory;
        keys();
        Files.writeString(
                directory.resolve("tokens.csv"), TOKEN + ",admin,admin,\"system:masters\"\n");
        try {
            this.api = start();
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            end();
            throw e;
        }
    }

    static Path program(String name) {
        return Peers.peer("kube").resolve(name);
    }

    KubernetesApi api() {
        return api;
    }

    /** A file that says how an administrator reaches the server. */
    Path access() {
        return directory.resolve("kubeconfig");
    }

    private KubernetesApi start()
            throws IOException, GeneralSecurityException, InterruptedException {
        int store = Ports.free();
        run(
                "kine",
                "--listen-address",
                "127.0.0.1:" + store,
                "--metrics-bind-address",
                "0",
                "--endpoint",
                "memory://");
        server(store);
        Path certificate = directory.resolve("pki/apiserver.crt");
        await("the server's certificate", () -> Files.exists(certificate));
        KubernetesApi client = new KubernetesApi(port, TOKEN, certificate);
        await("the API server", client::ready);
        Files.writeString(access(), kubeconfig(certificate));
        controllers(certificate);
        return client;
    }

    private void server(int store) throws IOException {
        run(
                "kube-apiserver",
                "--etcd-servers=http://127.0.0.1:" + store,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                // Not a loopback address, which is refused; nobody reads it.
                "--advertise-address=192.0.2.1",
                "--endpoint-reconciler-type=none",
                "--cert-dir=" + directory.resolve("pki"),
                "--token-auth-file=" + directory.resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--anonymous-auth=false",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                "--service-account-key-file=" + directory.resolve("sa.pub"),
                "--service-account-signing-key-file=" + directory.resolve("sa.key"),
                "--enable-priority-and-fairness=false",
                "--shutdown-delay-duration=0s",
                "--profiling=false");
    }

    private void controllers(Path certificate) throws IOException {
        run(
                "kube-controller-manager",
                "--kubeconfig=" + access(),
                "--leader-elect=false",
                "--bind-address=127.0.0.1",
                "--secure-port=" + Ports.free(),
                "--cert-dir=" + directory.resolve("controllers"),
                "--profiling=false",
                "--root-ca-file=" + certificate,
                "--service-account-private-key-file=" + directory.resolve("sa.key"),
                "--controllers=endpointslice-controller,serviceaccount-controller,"
                        + "root-ca-certificate-publisher-controller,deployment-controller,"
                        + "replicaset-controller,namespace-controller,garbage-collector-controller");
    }

    private void run(String program, String... arguments) throws IOException {
        var command = new java.util.ArrayList<>(List.of(program(program).toString()));
        command.addAll(List.of(arguments));
        processes.push(PeerProcess.start(directory, Map.of(), command));
    }

    private void await(String what, java.util.function.BooleanSupplier there)
            throws IOException, InterruptedException {
        if (!PeerProcess.eventually(PATIENCE, there)) {
            throw new IOException(what + " did not come:\n" + processes.element().log());
        }
    }

    /** The key pair that signs tokens of service accounts. */
    private void keys() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Files.writeString(
                directory.resolve("sa.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(
                directory.resolve("sa.pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        what,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded),
                        what);
    }

    private String kubeconfig(Path certificate) {
        return """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
        users: [{name: u, user: {token: %s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
                .formatted(port, certificate, TOKEN);
    }

    private void end() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }

    @Override
    public void close() {
        api.close();
        end();
    }
}
