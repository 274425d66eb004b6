package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.ServerTlsSpec;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.testkit.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
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

/** What tests of the accepting side of TLS share: an engine, its certificates, the JDK's client. */
abstract class TlsCases {
    static final TestCertificates CA = TestCertificates.authority("CN=root");
    static final TestCertificates OTHER_CA = TestCertificates.authority("CN=stranger");
    static final TestCertificates.Issued SERVER =
            CA.leaf("CN=server").dns("server.example").dns("*.wild.example").issue();

    final StatsStore stats = new StatsStore();
    final Engine engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1));
    final EchoSpec echo = new EchoSpec("hi");
    final Queue<String> failures = new ConcurrentLinkedQueue<>();

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

    void serve(ServerTlsSpec tls, ListenerFilterSpec... filters) {
        Listeners.Builder builder = Listeners.listener("tls");
        for (ListenerFilterSpec filter : filters) {
            builder.filter(filter);
        }
        ListenerSpec listener =
                builder.chain(Listeners.chain("c", FilterChainMatch.ANY, tls, echo))
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

    static final class Stubborn extends javax.net.ssl.X509ExtendedKeyManager {
        final javax.net.ssl.X509ExtendedKeyManager real;

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

    static final class TrustAll implements X509TrustManager {
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

    int port() {
        return ((IpAddress) engine.boundAddresses().get("tls").getFirst()).port();
    }

    SSLSocket connect(SSLContext context, String sni, String... alpn) throws IOException {
        int port = port();
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

    static X509Certificate leaf(SSLSocket socket) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        socket.getSession().getPeerCertificates()[0].getEncoded()));
    }

    ConnectionInfo lastSeen() throws InterruptedException {
        Awaiting.until(() -> !echo.seen().isEmpty(), "a connection");
        ConnectionInfo last = null;
        for (ConnectionInfo info : echo.seen()) {
            last = info;
        }
        return last;
    }

    String served(String sni) throws Exception {
        try (SSLSocket socket = connect(client(null), sni)) {
            assertThat(line(socket)).isEqualTo("hi");
            return leaf(socket).getSubjectX500Principal().getName();
        }
    }

    void refused(String version, TestCertificates.Issued identity, String reason) throws Exception {
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
}
