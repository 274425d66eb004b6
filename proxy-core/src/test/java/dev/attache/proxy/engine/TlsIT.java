package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.ServerTlsSpec;
import dev.attache.proxy.tls.secret.CertificateParams;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import dev.attache.testkit.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The accepting side of TLS against the JDK's client.
 *
 * <p>Longer than files here should be: all cases share one engine, its certificates and its
 * clients.
 */
class TlsIT {

    private static final TestCertificates CA = TestCertificates.authority("CN=root");
    private static final TestCertificates OTHER_CA = TestCertificates.authority("CN=stranger");
    private static final TestCertificates.Issued SERVER =
            CA.leaf("CN=server").dns("server.example").dns("*.wild.example").issue();

    private final StatsStore stats = new StatsStore();
    private final Engine engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1));
    private final EchoSpec echo = new EchoSpec("hi");
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @AfterEach
    void nothingIsLeft() throws Exception {
        Leftovers.none(engine);
    }

    static TlsSecret.Certificate secret(TestCertificates.Issued issued) {
        return new TlsSecret.Certificate(
                issued.chainPem(), issued.keyPem(), null, null, null, "<inline>", "<inline>");
    }

    static TlsSecret.Validation trust(TestCertificates ca, SanMatcher... sans) {
        return new TlsSecret.Validation(
                ca.pem(),
                "<inline>",
                null,
                List.of(sans),
                List.of(),
                List.of(),
                false,
                false,
                false,
                100,
                false);
    }

    static ServerTlsSpec spec(
            SecretRef<TlsSecret.Validation> validation,
            boolean require,
            SecretRef<TlsSecret.Certificate>... certificates) {
        return new ServerTlsSpec(
                TlsParams.serverDefaults(List.of("h2", "http/1.1")),
                List.of(certificates),
                validation,
                require,
                null,
                false,
                false,
                0,
                ServerTlsSpec.OcspStaplePolicy.LENIENT_STAPLING,
                false,
                false);
    }

    private void serve(ServerTlsSpec tls) {
        ListenerSpec listener =
                Listeners.listener("tls")
                        .chain(Listeners.chain("c", FilterChainMatch.ANY, tls, echo))
                        .log(entry -> {
                            String reason = entry.info().downstream().transportFailureReason();
                            if (reason != null) {
                                failures.add(reason);
                            }
                        })
                        .build();
        assertThat(
                        Publishing.publish(
                                        engine,
                                        new ProxySnapshot(
                                                engine.snapshot().version() + 1,
                                                Map.of("tls", listener),
                                                Map.of(),
                                                Map.of()))
                                .failures())
                .isEmpty();
    }

    static SSLContext client(TestCertificates.Issued identity) throws Exception {
        KeyManager[] keys = null;
        if (identity != null) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            java.util.List<X509Certificate> chain = new java.util.ArrayList<>();
            chain.add(identity.certificate());
            chain.addAll(identity.chain());
            store.setKeyEntry(
                    "me", identity.key(), new char[0], chain.toArray(new X509Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, new char[0]);
            // Shows its certificate whatever issuers the server names.
            javax.net.ssl.X509ExtendedKeyManager real =
                    (javax.net.ssl.X509ExtendedKeyManager) factory.getKeyManagers()[0];
            keys = new KeyManager[] {new Stubborn(real)};
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new TrustAll()}, null);
        return context;
    }

    private static final class Stubborn extends javax.net.ssl.X509ExtendedKeyManager {
        private final javax.net.ssl.X509ExtendedKeyManager real;

        Stubborn(javax.net.ssl.X509ExtendedKeyManager real) {
            this.real = real;
        }

        @Override
        public String[] getClientAliases(String type, java.security.Principal[] issuers) {
            return new String[] {"me"};
        }

        @Override
        public String chooseClientAlias(
                String[] types, java.security.Principal[] issuers, Socket socket) {
            return "me";
        }

        @Override
        public String[] getServerAliases(String type, java.security.Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(
                String type, java.security.Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return real.getCertificateChain(alias);
        }

        @Override
        public java.security.PrivateKey getPrivateKey(String alias) {
            return real.getPrivateKey(alias);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("a client checks servers");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // The tests look at what came themselves.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private SSLSocket connect(SSLContext context, String sni, String... alpn) throws IOException {
        int port = ((IpAddress) engine.boundAddresses().get("tls").getFirst()).port();
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(new Socket("127.0.0.1", port), "peer", port, true);
        socket.setSoTimeout(5000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(sni == null ? List.of() : List.of(new SNIHostName(sni)));
        parameters.setApplicationProtocols(alpn);
        socket.setSSLParameters(parameters);
        return socket;
    }

    static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = socket.getInputStream().read()) >= 0 && c != '\n') {
            line.append((char) c);
        }
        return line.toString();
    }

    private static X509Certificate leaf(SSLSocket socket) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        socket.getSession().getPeerCertificates()[0].getEncoded()));
    }

    private ConnectionInfo lastSeen() throws InterruptedException {
        Awaiting.until(() -> !echo.seen().isEmpty(), "a connection");
        ConnectionInfo last = null;
        for (ConnectionInfo info : echo.seen()) {
            last = info;
        }
        return last;
    }

    @Test
    void terminates_with_alpn_and_names() throws Exception {
        serve(spec(null, false, SecretRef.of(secret(SERVER))));
        try (SSLSocket socket = connect(client(null), "server.example", "foo", "http/1.1", "h2")) {
            assertThat(line(socket)).isEqualTo("hi");
            socket.getOutputStream().write("ping\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(line(socket)).isEqualTo("ping");
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
        var tls = lastSeen().tls();
        assertThat(tls.version()).isEqualTo("TLSv1.3");
        assertThat(tls.alpn()).isEqualTo("h2");
        assertThat(tls.cipher()).startsWith("TLS_");
        assertThat(tls.peerCertificatePresented()).isFalse();
        assertThat(tls.localNames().dnsSans()).containsExactly("server.example", "*.wild.example");
        assertThat(tls.localNames().subject()).isEqualTo("CN=server");
        assertThat(stats.counter("listener.tls.ssl.handshake").value()).isEqualTo(1);
        assertThat(stats.counter("listener.tls.ssl.versions.TLSv1.3").value()).isEqualTo(1);
        assertThat(stats.counter("listener.tls.ssl.no_certificate").value()).isEqualTo(1);
    }

    @Test
    void chooses_by_name_then_wildcard_then_the_first() throws Exception {
        TestCertificates.Issued second = CA.leaf("CN=second").dns("second.example").issue();
        TestCertificates.Issued wild = CA.leaf("CN=wild").dns("*.example").issue();
        TestCertificates.Issued rsa = CA.leaf("CN=rsa").dns("second.example").rsa().issue();
        serve(
                spec(
                        null,
                        false,
                        SecretRef.of(secret(SERVER)),
                        SecretRef.of(secret(rsa)),
                        SecretRef.of(secret(second)),
                        SecretRef.of(secret(wild))));
        assertThat(served("second.example")).isEqualTo("CN=second");
        assertThat(served("SECOND.example")).isEqualTo("CN=second");
        assertThat(served("third.example")).isEqualTo("CN=wild");
        assertThat(served("a.wild.example")).isEqualTo("CN=server");
        assertThat(served("a.b.example")).isEqualTo("CN=server");
        assertThat(served(null)).isEqualTo("CN=server");
    }

    private String served(String sni) throws Exception {
        try (SSLSocket socket = connect(client(null), sni)) {
            assertThat(line(socket)).isEqualTo("hi");
            return leaf(socket).getSubjectX500Principal().getName();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void verifies_client_certificates(String version) throws Exception {
        SanMatcher spiffe =
                new SanMatcher(
                        SanMatcher.SanType.URI,
                        new StringMatcher.Prefix("spiffe://cluster.local/ns/good/", false));
        serve(spec(SecretRef.of(trust(CA, spiffe)), true, SecretRef.of(secret(SERVER))));
        TestCertificates.Issued good =
                CA.leaf("CN=client")
                        .uri("spiffe://cluster.local/ns/good/sa/a")
                        .dns("a.good")
                        .ip("10.0.0.1")
                        .email("a@good")
                        .other("1.2.3.4", "name")
                        .issue();
        try (SSLSocket socket = connect(client(good), null)) {
            socket.setEnabledProtocols(new String[] {version});
            assertThat(line(socket)).isEqualTo("hi");
        }
        var tls = lastSeen().tls();
        assertThat(tls.version()).isEqualTo(version);
        assertThat(tls.peerCertificateValidated()).isTrue();
        assertThat(tls.peerNames().uriSans())
                .containsExactly("spiffe://cluster.local/ns/good/sa/a");
        assertThat(tls.peerNames().ipSans()).containsExactly("10.0.0.1");
        assertThat(tls.peerNames().emailSans()).containsExactly("a@good");
        assertThat(tls.peerNames().otherNameSans()).containsExactly("name");
        assertThat(tls.peerNames().serial())
                .isEqualTo(good.certificate().getSerialNumber().toString(16));

        refused(
                version,
                null,
                "268435648:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE:peer did"
                        + " not provide required client certificate");
        refused(
                version,
                OTHER_CA.leaf("CN=x").uri("spiffe://cluster.local/ns/good/sa/a").issue(),
                verify(
                        "X509_verify_cert: certificate verification error at depth 0: unable to"
                                + " get local issuer certificate"));
        refused(
                version,
                TestCertificates.selfSigned("CN=self"),
                verify(
                        "X509_verify_cert: certificate verification error at depth 0: self signed"
                                + " certificate"));
        refused(
                version,
                CA.leaf("CN=x").uri("spiffe://cluster.local/ns/good/sa/a").expired().issue(),
                verify(
                        "X509_verify_cert: certificate verification error at depth 0: certificate"
                                + " has expired"));
        refused(
                version,
                CA.leaf("CN=x").uri("spiffe://cluster.local/ns/good/sa/a").notYetValid().issue(),
                verify(
                        "X509_verify_cert: certificate verification error at depth 0: certificate"
                                + " is not yet valid"));
        refused(
                version,
                CA.leaf("CN=x").uri("spiffe://cluster.local/ns/good/sa/a").serverOnly().issue(),
                verify(
                        "X509_verify_cert: certificate verification error at depth 0: unsupported"
                                + " certificate purpose"));
        refused(
                version,
                CA.leaf("CN=x").uri("spiffe://cluster.local/ns/bad/sa/a").issue(),
                verify("SAN matcher, certificate SANs are [spiffe://cluster.local/ns/bad/sa/a]"));
        assertThat(stats.counter("listener.tls.ssl.fail_verify_no_cert").value()).isEqualTo(1);
        assertThat(stats.counter("listener.tls.ssl.fail_verify_error").value()).isEqualTo(5);
        assertThat(stats.counter("listener.tls.ssl.fail_verify_san").value()).isEqualTo(1);
        // Envoy does not count as a connection error what it refuses itself.
        assertThat(stats.counter("listener.tls.ssl.connection_error").value()).isZero();
    }

    private static String verify(String details) {
        return "268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert"
                + " failed: "
                + details;
    }

    private void refused(String version, TestCertificates.Issued identity, String reason)
            throws Exception {
        failures.clear();
        try (SSLSocket socket = connect(client(identity), null)) {
            socket.setEnabledProtocols(new String[] {version});
            assertThat(line(socket)).isEmpty();
        } catch (IOException expected) {
            assertThat(expected).hasMessageNotContaining("timed out");
        }
        Awaiting.until(() -> !failures.isEmpty(), "the log entry");
        assertThat(failures).containsExactly("TLS_error:|" + reason + ":TLS_error_end");
    }

    @Test
    void intermediates_are_followed_and_may_be_anchors() throws Exception {
        TestCertificates middle = CA.intermediate("CN=middle");
        TestCertificates.Issued client = middle.leaf("CN=client").issue();
        serve(spec(SecretRef.of(trust(CA)), true, SecretRef.of(secret(SERVER))));
        try (SSLSocket socket = connect(client(client), null)) {
            assertThat(line(socket)).isEqualTo("hi");
        }
        serve(spec(SecretRef.of(trust(middle)), true, SecretRef.of(secret(SERVER))));
        try (SSLSocket socket = connect(client(client), null)) {
            assertThat(line(socket)).isEqualTo("hi");
        }
    }

    @Test
    void revoked_certificates_are_refused() throws Exception {
        TestCertificates.Issued good = CA.leaf("CN=good").issue();
        TestCertificates.Issued bad = CA.leaf("CN=bad").issue();
        TlsSecret.Validation rules =
                new TlsSecret.Validation(
                        CA.pem(),
                        "<inline>",
                        CA.crl(bad.certificate()),
                        List.of(),
                        List.of(),
                        List.of(),
                        false,
                        false,
                        false,
                        100,
                        false);
        serve(spec(SecretRef.of(rules), true, SecretRef.of(secret(SERVER))));
        try (SSLSocket socket = connect(client(good), null)) {
            assertThat(line(socket)).isEqualTo("hi");
        }
        refused(
                "TLSv1.3",
                bad,
                verify(
                        "X509_verify_cert: certificate verification error at depth 0: certificate"
                                + " revocation check against provided CRLs failed: certificate"
                                + " revoked"));
    }

    @Test
    void an_untrusted_certificate_may_be_accepted_but_is_not_called_valid() throws Exception {
        TlsSecret.Validation rules =
                new TlsSecret.Validation(
                        CA.pem(),
                        "<inline>",
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        true,
                        false,
                        false,
                        100,
                        false);
        serve(spec(SecretRef.of(rules), false, SecretRef.of(secret(SERVER))));
        try (SSLSocket socket = connect(client(OTHER_CA.leaf("CN=x").issue()), null)) {
            assertThat(line(socket)).isEqualTo("hi");
        }
        assertThat(lastSeen().tls().peerCertificatePresented()).isTrue();
        assertThat(lastSeen().tls().peerCertificateValidated()).isFalse();
    }

    @Test
    void what_a_certificate_says_of_its_handshakes_is_rotated_with_it() throws Exception {
        SecretRef<TlsSecret.Certificate> reference = SecretRef.of(secret(SERVER));
        serve(spec(null, false, reference));
        assertThat(served(null)).isEqualTo("CN=server");
        TlsSecret.Certificate same = secret(SERVER);
        reference.update(
                new TlsSecret.Certificate(
                        same.chainPem(),
                        same.keyPem(),
                        null,
                        null,
                        null,
                        "<inline>",
                        "<inline>",
                        new CertificateParams(TlsVersion.TLS_1_3, null, List.of(), List.of())));
        assertThat(served(null)).isEqualTo("CN=server");
        refused("TLSv1.2", null, "268435696:SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL");
    }

    @Test
    void a_rotated_certificate_serves_the_next_handshake_and_breaks_no_connection()
            throws Exception {
        SecretRef<TlsSecret.Certificate> reference = SecretRef.of(secret(SERVER));
        serve(spec(null, false, reference));
        SSLSocket before = connect(client(null), null);
        assertThat(line(before)).isEqualTo("hi");
        reference.update(secret(CA.leaf("CN=next").issue()));
        assertThat(served(null)).isEqualTo("CN=next");
        before.getOutputStream().write("still\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(line(before)).isEqualTo("still");
        before.close();
        // Half a rotation: the key of another certificate. The last good pair stays.
        TestCertificates.Issued one = CA.leaf("CN=one").issue();
        TestCertificates.Issued two = CA.leaf("CN=two").issue();
        reference.update(
                new TlsSecret.Certificate(
                        one.chainPem(), two.keyPem(), null, null, null, "<inline>", "<inline>"));
        assertThat(served(null)).isEqualTo("CN=next");
        reference.update(
                new TlsSecret.Certificate(
                        one.chainPem(),
                        one.traditionalKeyPem(),
                        null,
                        null,
                        null,
                        "<inline>",
                        "<inline>"));
        assertThat(served(null)).isEqualTo("CN=one");
        assertThat(
                        stats.counter(
                                        "listener.tls.server_ssl_socket_factory."
                                                + "ssl_context_update_by_sds")
                                .value())
                .isEqualTo(2);
    }

    @Test
    void a_secret_of_sds_that_came_before_counts_as_an_update() throws Exception {
        SecretRef<TlsSecret.Certificate> reference = SecretRef.awaiting("cert");
        reference.update(secret(SERVER));
        serve(spec(null, false, reference));
        reference.update(secret(CA.leaf("CN=next").issue()));
        String updates = "listener.tls.server_ssl_socket_factory.ssl_context_update_by_sds";
        assertThat(stats.counter(updates).value()).isEqualTo(2);
    }

    @Test
    void without_its_secret_a_chain_accepts_and_closes() throws Exception {
        SecretRef<TlsSecret.Certificate> reference = SecretRef.awaiting("cert");
        serve(spec(null, false, reference));
        try (SSLSocket socket = connect(client(null), null)) {
            socket.startHandshake();
            assertThat(line(socket)).isEqualTo("not reached");
        } catch (IOException expected) {
            assertThat(expected).hasMessageNotContaining("timed out");
        }
        assertThat(
                        stats.counter(
                                        "listener.tls.server_ssl_socket_factory."
                                                + "downstream_context_secrets_not_ready")
                                .value())
                .isEqualTo(1);
        reference.update(secret(SERVER));
        assertThat(served(null)).isEqualTo("CN=server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessions_resume_by_ticket(String version) throws Exception {
        serve(spec(null, false, SecretRef.of(secret(SERVER))));
        SSLContext context = client(null);
        for (int i = 0; i < 3; i++) {
            try (SSLSocket socket = connect(context, "server.example")) {
                socket.setEnabledProtocols(new String[] {version});
                assertThat(line(socket)).isEqualTo("hi");
            }
        }
        assertThat(stats.counter("listener.tls.ssl.session_reused").value()).isPositive();
    }

    @Test
    void plain_bytes_are_a_tls_error() throws Exception {
        serve(spec(null, false, SecretRef.of(secret(SERVER))));
        int port = ((IpAddress) engine.boundAddresses().get("tls").getFirst()).port();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
            socket.setSoTimeout(5000);
            while (socket.getInputStream().read() >= 0) {
                // An alert may come first.
            }
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        Awaiting.until(() -> !failures.isEmpty(), "the log entry");
        assertThat(failures)
                .containsExactly(
                        "TLS_error:|268435612:SSL"
                                + " routines:OPENSSL_internal:HTTP_REQUEST:TLS_error_end");
    }
}
