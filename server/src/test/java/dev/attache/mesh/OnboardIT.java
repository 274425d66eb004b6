package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.interception.Space;
import dev.attache.iptables.kernel.NetworkNamespace;
import dev.attache.mesh.MeshMachine.Outcome;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine without Kubernetes: from nothing to a request that strict mutual TLS lets in, and back
 * to nothing. The control plane is an istiod that reads its objects from files.
 */
@Tag("conformance")
class OnboardIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TestCertificates MESH = TestCertificates.authority("O=mesh");
    private static final String OBJECTS =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: vm, namespace: default}
            spec: {hosts: [vm.test], addresses: [240.20.0.1], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 8080, name: http, protocol: HTTP}], endpoints: [{address: 10.88.1.2, serviceAccount: vm, labels: {app: vm}}]}
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: default}
            spec: {mtls: {mode: STRICT}}
            """;

    /** Files, rules and programs, without what every command leaves by itself. */
    private static final String STATE =
            """
            find /etc /var /run -xdev | grep -v '^/run/mount\\|^/etc/netns\\|^/run/attache' | sort
            cat /etc/hosts; iptables-save | grep '^-A'; ip6tables-save | grep '^-A'
            ss -Hltn
            """;

    @TempDir Path directory = Path.of("");

    @Test
    void fromNothingToARequestAndBack() throws Exception {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        TestCertificates.Issued own = issued("vm");
        Files.write(directory.resolve("root.pem"), MESH.pem());
        Files.write(directory.resolve("other.pem"), TestCertificates.authority("O=x").pem());
        Files.write(directory.resolve("cert.pem"), own.certificatePem());
        Files.write(directory.resolve("key.pem"), own.keyPem());
        try (MeshMachine machine = new MeshMachine(directory);
                PeerProcess istiod = istiod()) {
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () -> connects(MeshMachine.CONTROL, "10.88.1.1", 15012)))
                    .as(istiod.log())
                    .isTrue();
            Files.writeString(directory.resolve("objects/all.yaml"), OBJECTS);
            String before = machine.run("sh", "-c", STATE).text();
            refusals(machine);
            assertThat(machine.run("sh", "-c", STATE).text()).isEqualTo(before);
            Outcome onboarded = onboard(machine);
            assertThat(onboarded.code()).as(onboarded.text()).isZero();
            assertThat(onboarded.text())
                    .contains("signed spiffe://cluster.local/ns/default/sa/vm")
                    .contains("first configuration");
            Outcome again = onboard(machine);
            assertThat(again.code()).as(again.text()).isZero();
            assertThat(again.text()).contains("first configuration").doesNotContain("written ");
            served(machine);
            Outcome left = machine.run(Peers.subject().toString(), "agent", "leave");
            assertThat(left.code()).as(left.text()).isZero();
            assertThat(machine.run("sh", "-c", STATE).text()).isEqualTo(before);
        }
    }

    private static TestCertificates.Issued issued(String account) {
        return MESH.leaf("CN=" + account)
                .uri("spiffe://cluster.local/ns/default/sa/" + account)
                .rsa()
                .issue();
    }

    private PeerProcess istiod() throws IOException {
        SigningIstiod.furnish(
                directory, MESH, "{rootNamespace: istio-system, trustDomain: cluster.local}");
        Path ip =
                Stream.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip")
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow();
        List<String> command =
                new ArrayList<>(List.of(ip.toString(), "netns", "exec", MeshMachine.CONTROL));
        command.addAll(
                SigningIstiod.command(
                        "--grpcAddr=:15010",
                        "--secureGRPCAddr=:15012",
                        "--httpAddr=:8080",
                        "--monitoringAddr=:15014"));
        return PeerProcess.start(directory, Map.of("POD_NAMESPACE", "istio-system"), command);
    }

    private Outcome onboard(MeshMachine machine, String... more)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Peers.subject().toString(),
                                "agent",
                                "onboard",
                                "--address=istiod.istio-system.svc:15012",
                                "--resolve=" + MeshMachine.CONTROL_ADDRESS,
                                "--root-cert=" + directory.resolve("root.pem"),
                                "--certificate=" + directory.resolve("cert.pem"),
                                "--key=" + directory.resolve("key.pem"),
                                "--namespace=default",
                                "--service-account=vm",
                                "--group=vm",
                                "--label=app=vm",
                                "--ip=" + MeshMachine.ADDRESS));
        words.addAll(List.of(more));
        return machine.run(words.toArray(String[]::new));
    }

    /** Each is another thing that is wrong, has its exit code, and changes nothing. */
    private void refusals(MeshMachine machine) throws IOException, InterruptedException {
        refused(machine, 10, "has no port", "--address=istiod.istio-system.svc");
        refused(machine, 12, "refuses connections", "--address=istiod.istio-system.svc:15011");
        refused(machine, 13, "does not speak TLS", "--address=istiod.istio-system.svc:15014");
        refused(
                machine,
                13,
                "does not come from the root that was given",
                "--root-cert=" + directory.resolve("other.pem"));
        refused(machine, 14, "not of pilot.test", "--address=pilot.test:15012");
        refused(machine, 17, "is to be default/web", "--service-account=web");
    }

    private void refused(MeshMachine machine, int code, String words, String flag)
            throws IOException, InterruptedException {
        Outcome outcome = onboard(machine, flag);
        assertThat(outcome.text()).contains(words).contains("what to do: ");
        assertThat(outcome.code()).as(outcome.text()).isEqualTo(code);
    }

    /** The agent starts, a peer with an identity is let in, one without is not. */
    private void served(MeshMachine machine) throws Exception {
        String subject = Peers.subject().toString();
        machine.start(subject, "agent", "start");
        Process application =
                machine.start(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "python3",
                        "-m",
                        "http.server",
                        "8080",
                        "--bind",
                        "0.0.0.0",
                        "--directory",
                        "/usr/share");
        assertThat(
                        PeerProcess.eventually(
                                PATIENCE,
                                () -> status(machine, subject).contains("state         ready")))
                .as(status(machine, subject))
                .isTrue();
        assertThat(status(machine, subject))
                .contains("identity      spiffe://cluster.local/ns/default/sa/vm")
                .contains("connected since")
                .contains("one process");
        assertThat(PeerProcess.eventually(PATIENCE, () -> answer(issued("peer")).contains(" 200 ")))
                .as(answer(issued("peer")))
                .isTrue();
        assertThat(answer(TestCertificates.selfSigned("CN=nobody"))).startsWith("no answer");
        application.destroyForcibly().waitFor();
    }

    private static String status(MeshMachine machine, String subject) {
        try {
            return machine.run(subject, "agent", "status").text();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    private static boolean connects(String space, String address, int port) {
        try {
            return NetworkNamespace.in(
                    Path.of("/run/netns", space),
                    () -> {
                        try (Socket socket = new Socket()) {
                            socket.connect(new InetSocketAddress(address, port), 1000);
                            return true;
                        } catch (IOException notYet) {
                            return false;
                        }
                    });
        } catch (IOException e) {
            return false;
        }
    }

    /** The first line of the answer to a peer beside the control plane. */
    private static String answer(TestCertificates.Issued peer) {
        try {
            SSLContext context = context(peer);
            return NetworkNamespace.in(
                    Path.of("/run/netns", MeshMachine.CONTROL),
                    () -> {
                        try (SSLSocket socket =
                                (SSLSocket) context.getSocketFactory().createSocket()) {
                            socket.connect(new InetSocketAddress(MeshMachine.ADDRESS, 8080), 2000);
                            socket.setSoTimeout(5000);
                            socket.getOutputStream()
                                    .write(
                                            "GET / HTTP/1.1\r\nHost: vm.test:8080\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII));
                            byte[] head = socket.getInputStream().readNBytes(16);
                            return head.length == 0
                                    ? "no answer"
                                    : new String(head, StandardCharsets.US_ASCII);
                        } catch (IOException e) {
                            return "no answer: " + e;
                        }
                    });
        } catch (Exception e) {
            return "no answer: " + e;
        }
    }

    private static SSLContext context(TestCertificates.Issued peer) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", MESH.self().certificate());
        store.setKeyEntry("own", peer.key(), new char[0], new Certificate[] {peer.certificate()});
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
