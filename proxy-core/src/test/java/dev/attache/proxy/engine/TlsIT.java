package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.testkit.TestCertificates;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accepting side of TLS against the JDK's client. */
class TlsIT extends TlsCases {
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
