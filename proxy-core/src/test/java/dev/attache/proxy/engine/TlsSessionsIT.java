package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.ServerTlsSpec;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a TLS client may do with a connection or a session that it has. */
class TlsSessionsIT {

    private static final TestCertificates CA = TestCertificates.authority("CN=root");
    private static final TestCertificates.Issued SERVER =
            CA.leaf("CN=server").dns("server.example").issue();
    private static final TestCertificates.Issued CLIENT = CA.leaf("CN=client").issue();

    private final StatsStore stats = new StatsStore();
    private final Engine engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1));
    private final EchoSpec echo = new EchoSpec("hi");
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private long version;

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> engine.connections() == 0, "connections are gone");
        Awaiting.until(() -> engine.pendingTimers() == 0, "timers are gone");
        engine.close();
    }

    private void serve(Map<String, ServerTlsSpec> listeners) {
        var specs = new java.util.HashMap<String, ListenerSpec>();
        listeners.forEach((name, tls) ->
                specs.put(
                        name,
                        Listeners.listener(name)
                                .chain(Listeners.chain("c", FilterChainMatch.ANY, tls, echo))
                                .log(entry -> {
                                    String reason =
                                            entry.info().downstream().transportFailureReason();
                                    if (reason != null) {
                                        failures.add(reason);
                                    }
                                })
                                .build()));
        assertThat(
                        Publishing.publish(
                                        engine,
                                        new ProxySnapshot(++version, specs, Map.of(), Map.of()))
                                .failures())
                .isEmpty();
    }

    /**
     * Clients must show a certificate where one is verified; tickets under the key, where there is
     * one.
     */
    private static ServerTlsSpec spec(SecretRef<TlsSecret.Validation> trusted, byte[] ticketKey) {
        return new ServerTlsSpec(
                TlsParams.serverDefaults(List.of()),
                List.of(SecretRef.of(TlsIT.secret(SERVER))),
                trusted,
                trusted != null,
                ticketKey == null
                        ? null
                        : SecretRef.of(new TlsSecret.TicketKeys(List.of(ticketKey))),
                false,
                false,
                0,
                ServerTlsSpec.OcspStaplePolicy.LENIENT_STAPLING,
                false,
                false);
    }

    private static byte[] key() {
        byte[] key = new byte[TlsSecret.TicketKeys.KEY_BYTES];
        Arrays.fill(key, (byte) 7);
        return key;
    }

    private SSLSocket connect(SSLContext context, String listener, String tls) throws IOException {
        int port = ((IpAddress) engine.boundAddresses().get(listener).getFirst()).port();
        return over(new Socket("127.0.0.1", port), context, tls);
    }

    /** The JDK finds a session by host and port: here all listeners are the same server. */
    private static SSLSocket over(Socket raw, SSLContext context, String tls) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(raw, "peer", 443, true);
        socket.setSoTimeout(5000);
        socket.setEnabledProtocols(new String[] {tls});
        return socket;
    }

    private void greeted(SSLContext context, String listener, String tls) throws IOException {
        try (SSLSocket socket = connect(context, listener, tls)) {
            assertThat(TlsIT.line(socket)).isEqualTo("hi");
        }
    }

    private long reused(String listener) {
        return stats.counter("listener." + listener + ".ssl.session_reused").value();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_ticket_is_worth_nothing_after_trust_has_changed(String tls) throws Exception {
        SecretRef<TlsSecret.Validation> trusted = SecretRef.of(TlsIT.trust(CA));
        serve(Map.of("keyed", spec(trusted, key())));
        SSLContext client = TlsIT.client(CLIENT);
        greeted(client, "keyed", tls);
        greeted(client, "keyed", tls);
        assertThat(reused("keyed")).isEqualTo(1);

        trusted.update(TlsIT.trust(TestCertificates.authority("CN=stranger")));
        assertThatThrownBy(
                        () -> {
                            try (SSLSocket socket = connect(client, "keyed", tls)) {
                                if (TlsIT.line(socket).isEmpty()) {
                                    throw new IOException("closed");
                                }
                            }
                        })
                .isInstanceOf(IOException.class);
        Awaiting.until(() -> !failures.isEmpty(), "the reason");
        assertThat(failures).last().asString().contains("unable to get local issuer certificate");
        assertThat(reused("keyed")).isEqualTo(1);
    }

    @Test
    void a_client_that_renegotiates_is_refused() throws Exception {
        serve(Map.of("a", spec(SecretRef.of(TlsIT.trust(CA)), null)));
        try (SSLSocket socket = connect(TlsIT.client(CLIENT), "a", "TLSv1.2")) {
            assertThat(TlsIT.line(socket)).isEqualTo("hi");
            assertThatThrownBy(
                            () -> {
                                socket.startHandshake();
                                TlsIT.line(socket);
                            })
                    .isInstanceOf(IOException.class);
        }
        Awaiting.until(() -> !failures.isEmpty(), "the reason");
        assertThat(failures)
                .containsExactly(
                        "TLS_error:|268435638:SSL routines:OPENSSL_internal:NO_RENEGOTIATION"
                                + ":TLS_error_end|268435650:SSL routines:OPENSSL_internal"
                                + ":PROTOCOL_IS_SHUTDOWN:TLS_error_end");
        assertThat(stats.counter("listener.a.ssl.connection_error").value()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, 474554202f2048",
        "TLSv1.3, 474554202f2048",
        "TLSv1.3, 170303ffff0000",
        "TLSv1.3, 15030300020228",
    })
    void a_client_that_goes_on_without_tls_is_an_error_and_another_at_the_close(
            String tls, String bytes) throws Exception {
        serve(Map.of("a", spec(SecretRef.of(TlsIT.trust(CA)), null)));
        int port = ((IpAddress) engine.boundAddresses().get("a").getFirst()).port();
        try (Socket raw = new Socket("127.0.0.1", port);
                SSLSocket socket = over(raw, TlsIT.client(CLIENT), tls)) {
            assertThat(TlsIT.line(socket)).isEqualTo("hi");
            raw.getOutputStream().write(HexFormat.of().parseHex(bytes));
            raw.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        Counter errors = stats.counter("listener.a.ssl.connection_error");
        Awaiting.until(() -> errors.value() == 2, "both errors");
    }

    /** A TLS 1.3 client that writes records of its own making. */
    private static final class Updater implements AutoCloseable {
        private final SSLEngine engine;
        private final Socket socket;
        private final ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        private final ByteBuffer in = ByteBuffer.allocate(32 * 1024).limit(0);
        private final ByteBuffer text = ByteBuffer.allocate(32 * 1024);

        Updater(SSLContext context, int port) throws IOException {
            engine = context.createSSLEngine("peer", port);
            engine.setUseClientMode(true);
            engine.setEnabledProtocols(new String[] {"TLSv1.3"});
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(5000);
            engine.beginHandshake();
            while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_WRAP -> write(ByteBuffer.allocate(0));
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    default -> read();
                }
            }
        }

        /** Wraps once: a handshake message if one is due, else the data. */
        void write(ByteBuffer data) throws IOException {
            out.clear();
            engine.wrap(data, out);
            socket.getOutputStream().write(out.array(), 0, out.position());
        }

        /** False at the end. */
        boolean read() throws IOException {
            SSLEngineResult result = engine.unwrap(in, text);
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                in.compact();
                int n = socket.getInputStream().read(in.array(), in.position(), in.remaining());
                in.position(in.position() + Math.max(n, 0)).flip();
                return n >= 0;
            }
            return result.getStatus() != SSLEngineResult.Status.CLOSED;
        }

        void updateKeys() throws IOException {
            engine.beginHandshake();
            write(ByteBuffer.allocate(0));
        }

        /** Reads until all of it has come; the answer to an update comes before it. */
        void awaits(String expected) throws IOException {
            while (!StandardCharsets.US_ASCII
                    .decode(text.duplicate().flip())
                    .toString()
                    .contains(expected)) {
                if (!read()) {
                    throw new IOException("closed");
                }
                if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    write(ByteBuffer.allocate(0));
                }
            }
            text.clear();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void keys_may_be_updated_between_data() throws Exception {
        serve(Map.of("a", spec(null, null)));
        int port = ((IpAddress) engine.boundAddresses().get("a").getFirst()).port();
        try (Updater client = new Updater(TlsIT.client(null), port)) {
            client.awaits("hi");
            for (int i = 0; i < 50; i++) {
                client.updateKeys();
                client.write(bytes("on" + i + "\n"));
                client.awaits("on" + i + "\n");
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void alerts_of_unknown_kinds_and_a_missing_close_notify_cost_one_connection() throws Exception {
        serve(Map.of("a", spec(SecretRef.of(TlsIT.trust(CA)), null)));
        int port = ((IpAddress) engine.boundAddresses().get("a").getFirst()).port();
        for (int kind : new int[] {0, 1, 40, 99, 255}) {
            for (int level : new int[] {0, 1, 2, 3}) {
                try (Socket raw = new Socket("127.0.0.1", port)) {
                    raw.getOutputStream()
                            .write(new byte[] {21, 3, 3, 0, 2, (byte) level, (byte) kind});
                    raw.shutdownOutput();
                    raw.getInputStream().readAllBytes();
                }
            }
        }
        Socket tcp = new Socket("127.0.0.1", port);
        SSLSocket cut =
                (SSLSocket)
                        TlsIT.client(CLIENT)
                                .getSocketFactory()
                                .createSocket(tcp, "peer", port, true);
        assertThat(TlsIT.line(cut)).isEqualTo("hi");
        tcp.close();
        greeted(TlsIT.client(CLIENT), "a", "TLSv1.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_verifier_that_throws_costs_one_connection(String tls) throws Exception {
        SecretRef<TlsSecret.Validation> faulty =
                SecretRef.of(
                        TlsIT.trust(
                                CA,
                                new dev.attache.proxy.tls.secret.SanMatcher(
                                        null,
                                        new dev.attache.proxy.matching.StringMatcher.Exact(
                                                "x", false))));
        serve(Map.of("faulty", spec(faulty, null), "a", spec(SecretRef.of(TlsIT.trust(CA)), null)));
        SSLContext client = TlsIT.client(CLIENT);
        try (SSLSocket open = connect(client, "a", tls)) {
            assertThat(TlsIT.line(open)).isEqualTo("hi");
            for (int i = 0; i < 3; i++) {
                try (SSLSocket socket = connect(client, "faulty", tls)) {
                    assertThat(TlsIT.line(socket)).isEmpty();
                } catch (IOException expected) {
                    assertThat(expected).hasMessageNotContaining("timed out");
                }
            }
            open.getOutputStream().write("still\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(TlsIT.line(open)).isEqualTo("still");
        }
        Awaiting.until(() -> failures.size() == 3, "the reasons");
        assertThat(failures).allMatch(reason -> reason.contains("CERTIFICATE_VERIFY_FAILED"));
        assertThat(stats.counter("listener.faulty.ssl.fail_verify_error").value()).isEqualTo(3);
        greeted(client, "a", tls);
    }
}
