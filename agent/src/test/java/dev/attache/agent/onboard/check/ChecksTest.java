package dev.attache.agent.onboard.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.testkit.TestCertificates;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
    private static final TestCertificates MESH = TestCertificates.authority("CN=mesh root");
    private static final String HOST = "istiod.istio-system.svc";

    @TempDir Path directory = Path.of("");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Findings findings = new Findings(new PrintStream(out));

    private static void fails(Subject subject, ThrowingCallable check, String... words) {
        assertThatThrownBy(check)
                .isInstanceOfSatisfying(
                        CheckFailure.class,
                        failure -> {
                            assertThat(failure.subject()).isEqualTo(subject);
                            assertThat(failure.getMessage() + " " + failure.remedy())
                                    .contains(words);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "'',--address",
        "https://istiod:15012,URL",
        "istiod,add it: istiod:15012",
        "istiod:,is no port",
        "istiod:0,is no port",
        "istiod:70000,is no port",
        "istiod:15010,without TLS",
        "fd00::1:15012,brackets",
        "ist iod:15012,no name of a host"
    })
    void anAddressThatIsNoneIsSaid(String address, String words) {
        fails(Subject.ADDRESS, () -> ServerAddress.parse(address), words);
    }

    @Test
    void addressesAreRead() throws CheckFailure {
        assertThat(ServerAddress.parse("istiod.x.svc:15012"))
                .isEqualTo(new ServerAddress("istiod.x.svc", 15012));
        assertThat(ServerAddress.parse("[fd00::1]:1")).isEqualTo(new ServerAddress("fd00::1", 1));
    }

    @Test
    void whereNobodyListensIsSaid() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ServerAddress server = new ServerAddress("mesh.test", port);
        fails(
                Subject.CONNECTION,
                () ->
                        server.connect(
                                server.resolve(Map.of("mesh.test", "127.0.0.1"), findings),
                                findings),
                "127.0.0.1:" + port + " refuses connections");
        fails(
                Subject.NAME,
                () -> server.resolve(Map.of("mesh.test", "no address"), findings),
                "give an IP address");
    }

    private static ServerCertificate shown(TestCertificates.Issued issued)
            throws IOException, GeneralSecurityException, CheckFailure {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own",
                issued.key(),
                new char[0],
                Stream.concat(Stream.of(issued.certificate()), issued.chain().stream())
                        .distinct()
                        .toArray(Certificate[]::new));
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        try (SSLServerSocket server =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving =
                    Thread.ofVirtual()
                            .start(() -> {
                                try (SSLSocket socket = (SSLSocket) server.accept()) {
                                    socket.startHandshake();
                                    int end = socket.getInputStream().read();
                                    assertThat(end).isNegative();
                                } catch (IOException gone) {
                                    // the test looks at what the client says
                                }
                            });
            ServerCertificate shown =
                    ServerCertificate.fetch(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(), server.getLocalPort()),
                            HOST);
            serving.interrupt();
            return shown;
        }
    }

    @Test
    void aGoodCertificateIsTaken() throws IOException, GeneralSecurityException, CheckFailure {
        ServerCertificate shown = shown(MESH.leaf("CN=istiod").dns(HOST).issue());
        shown.judgeChain(List.of(MESH.self().certificate()));
        shown.judgeDates(Instant.now());
        shown.judgeName();
        ServerCertificate wide = shown(MESH.leaf("CN=x").dns("*.istio-system.svc").issue());
        wide.judgeName();
    }

    @Test
    void whatIsWrongWithACertificateIsToldApart()
            throws IOException, GeneralSecurityException, CheckFailure {
        ServerCertificate foreign =
                shown(TestCertificates.authority("CN=other").leaf("CN=x").dns(HOST).issue());
        fails(
                Subject.TLS,
                () -> foreign.judgeChain(List.of(MESH.self().certificate())),
                "CN=mesh root",
                "CN=other",
                "istio-ca-root-cert");
        ServerCertificate old = shown(MESH.leaf("CN=x").dns(HOST).expired().issue());
        old.judgeChain(List.of(MESH.self().certificate()));
        fails(Subject.CLOCK, () -> old.judgeDates(Instant.now()), "has expired", "timedatectl");
        ServerCertificate early = shown(MESH.leaf("CN=x").dns(HOST).notYetValid().issue());
        early.judgeChain(List.of(MESH.self().certificate()));
        fails(Subject.CLOCK, () -> early.judgeDates(Instant.now()), "is valid only from");
        ServerCertificate named =
                shown(MESH.leaf("CN=x").dns("istio-pilot.x.svc").dns("istiod.x.svc").issue());
        fails(
                Subject.TLS_NAME,
                named::judgeName,
                "not of " + HOST,
                "--address istiod.x.svc:15012 --resolve IP");
    }

    /** An authority that was renewed after its server's certificate had ended. */
    @Test
    void datesThatDoNotMeetAreNoMatterOfTheRoot() throws CheckFailure {
        TestCertificates between = MESH.intermediate("CN=renewed");
        ServerCertificate shown =
                new ServerCertificate(
                        List.of(
                                between.leaf("CN=x").dns(HOST).expired().issue().certificate(),
                                between.self().certificate()),
                        HOST);
        shown.judgeChain(List.of(MESH.self().certificate()));
        fails(Subject.CLOCK, () -> shown.judgeDates(Instant.now()), "has expired", "timedatectl");
    }

    @Test
    void aRootIsTakenByItsFingerprintOnly()
            throws IOException, GeneralSecurityException, CheckFailure {
        TestCertificates.Issued own = MESH.leaf("CN=istiod").dns(HOST).issue();
        ServerCertificate shown =
                new ServerCertificate(List.of(own.certificate(), MESH.self().certificate()), HOST);
        String print = ServerCertificate.fingerprint(MESH.self().certificate());
        assertThat(shown.root(print)).isEqualTo(MESH.self().certificate());
        fails(Subject.TLS, () -> shown.root("00ff"), print, "openssl x509", "--root-cert");
        String changing = ServerCertificate.fingerprint(own.certificate());
        fails(Subject.TLS, () -> shown.root(changing), "server's own certificate", "root-cert.pem");
    }

    private Token token(String claims) throws IOException, CheckFailure {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String body = encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return Token.read(Files.writeString(directory.resolve("token"), "e30." + body + ".c2ln\n"));
    }

    @Test
    void tokensAreJudged() throws IOException, CheckFailure {
        Instant now = Instant.ofEpochSecond(1_000_000);
        token(
                        """
                        {"exp":1003600,"iat":999990,"aud":["istio-ca"],"sub":"system:serviceaccount:a:b"}\
                        """)
                .judge(now, "a", "b", findings);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("valid for 60 min");
        fails(
                Subject.CREDENTIAL,
                () -> token("{\"exp\":999400}").judge(now, "a", "b", findings),
                "expired 10 min ago",
                "kubectl create token");
        fails(
                Subject.CLOCK,
                () -> token("{\"iat\":1000900}").judge(now, "a", "b", findings),
                "still to come");
        fails(
                Subject.IDENTITY,
                () ->
                        token("{\"sub\":\"system:serviceaccount:a:other\"}")
                                .judge(now, "a", "b", findings),
                "the token is of a/other, but this workload is to be a/b");
        token("{\"aud\":\"other\"}").judge(now, "a", "b", findings);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("the token is for other");
    }

    @Test
    void whatIsNoTokenIsSaid() throws IOException {
        Path file = directory.resolve("token");
        fails(Subject.CREDENTIAL, () -> Token.read(file), "--token FILE");
        Files.writeString(file, " \n");
        fails(Subject.CREDENTIAL, () -> Token.read(file), "is empty");
        Files.writeString(file, "{\"token\": \"x\"}");
        fails(Subject.CREDENTIAL, () -> Token.read(file), "has 1 parts, not 3");
        Files.writeString(file, "a.!.c");
        fails(Subject.CREDENTIAL, () -> Token.read(file), "is no token");
    }

    @Test
    void theNodeOfAStreamThatOnlyLooksNamesNoGroup() {
        Node node =
                NodeMessage.of(
                        Map.of(
                                "ISTIO_META_AUTO_REGISTER_GROUP", "vms",
                                "ISTIO_META_CLUSTER_ID", "Kubernetes",
                                "ISTIO_METAJSON_LABELS", "{\"app\":\"vm\"}",
                                "POD_NAME", "vm1",
                                "POD_NAMESPACE", "plain",
                                "INSTANCE_IP", "10.0.0.2"));
        assertThat(node.getId()).isEqualTo("sidecar~10.0.0.2~vm1.plain~plain.svc.cluster.local");
        assertThat(node.getMetadata().getFieldsMap())
                .containsOnlyKeys("CLUSTER_ID", "LABELS", "NAME", "NAMESPACE", "INSTANCE_IPS");
    }

    @Test
    void doubtsAreSaidAgainWhereSomethingFails() {
        findings.doubt(Subject.CLOCK, "it may be the clock of " + directory);
        findings.rename(directory + "/given", "mine");
        findings.rename(directory.toString(), "");
        findings.failed(
                new CheckFailure(
                        Subject.AUTHORITY,
                        "in " + directory + "/x and " + directory + "/given",
                        "mend it"));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("WRONG authority   in /x and mine\n")
                .contains("what to do: mend it")
                .contains("look at this, too: it may be the clock");
    }
}
