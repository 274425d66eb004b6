package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import dev.attache.proxy.tls.secret.CertificateParams;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Secrets that come, change and are missing, against the JDK's client. */
final class TlsSecretsIT extends TlsCases {
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

    @Test
    void what_a_listener_filter_has_read_is_not_taken_for_clear_text_where_a_secret_is_missing()
            throws Exception {
        serve(
                spec(null, false, SecretRef.awaiting("cert")),
                new TlsInspectorSpec(false, false, false));
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        Awaiting.until(() -> !failures.isEmpty(), "an entry in the log");
        assertThat(echo.heard()).hasValue(0);
    }
}
