package dev.attache.proxy.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.network.FilterPump;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.ClientTlsSpec;
import dev.attache.proxy.tls.ServerTlsSpec;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.worker.WorkerContext;
import dev.attache.testkit.TestCertificates;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dialling side of TLS against our own accepting side. */
class ClientTlsIT {

    private static final TestCertificates CA = TestCertificates.authority("CN=root");
    private static final TestCertificates.Issued SERVER =
            CA.leaf("CN=server").dns("server.example").dns("*.wild.example").issue();
    private static final TestCertificates.Issued CLIENT =
            CA.leaf("CN=client").uri("spiffe://c").issue();

    private final StatsStore stats = new StatsStore();
    private final Engine engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1));
    private final EchoSpec echo = new EchoSpec("hi");

    /** How one connection attempt went. */
    private record Outcome(@Nullable ConnectionInfo info, String failure, Connection connection) {
        Channel channel() {
            return connection.channel();
        }
    }

    @BeforeEach
    void serve() {
        ServerTlsSpec tls =
                new ServerTlsSpec(
                        TlsParams.serverDefaults(List.of("h2", "http/1.1")),
                        List.of(SecretRef.of(secret(SERVER))),
                        SecretRef.of(trust(CA)),
                        true,
                        null,
                        false,
                        false,
                        0,
                        ServerTlsSpec.OcspStaplePolicy.LENIENT_STAPLING,
                        false,
                        false);
        ListenerSpec listener =
                Listeners.listener("tls")
                        .chain(Listeners.chain("c", FilterChainMatch.ANY, tls, echo))
                        .build();
        assertThat(
                        Publishing.publish(
                                        engine,
                                        new ProxySnapshot(
                                                1, Map.of("tls", listener), Map.of(), Map.of()))
                                .failures())
                .isEmpty();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> engine.connections() == 0, "connections are gone");
        engine.close();
    }

    private static TlsSecret.Certificate secret(TestCertificates.Issued issued) {
        return new TlsSecret.Certificate(
                issued.chainPem(), issued.keyPem(), null, null, null, "<inline>", "<inline>");
    }

    private static TlsSecret.Validation trust(TestCertificates ca, SanMatcher... sans) {
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

    private static ClientTlsSpec spec(
            TlsSecret.@Nullable Validation validation, String sni, boolean sanFromSni, int keys) {
        TlsParams base = TlsParams.clientDefaults(List.of());
        return new ClientTlsSpec(
                new TlsParams(
                        base.minVersion(),
                        TlsVersion.TLS_1_3,
                        base.cipherSuites(),
                        base.curves(),
                        List.of(),
                        null),
                SecretRef.of(secret(CLIENT)),
                validation == null ? null : SecretRef.of(validation),
                sni,
                false,
                sanFromSni,
                false,
                keys,
                true);
    }

    private Outcome dial(ClientTransport transport, TransportOptions options) throws Exception {
        WorkerContext worker = engine.workers().getFirst();
        int port = ((IpAddress) engine.boundAddresses().get("tls").getFirst()).port();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Channel channel =
                new Bootstrap()
                        .group(worker.eventLoop())
                        .channel(EpollSocketChannel.class)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect("127.0.0.1", port)
                        .sync()
                        .channel();
        worker.eventLoop()
                .submit(() -> {
                    ConnectionInfo info =
                            new ConnectionInfo(
                                    1,
                                    0,
                                    0,
                                    IpAddress.parse("127.0.0.1", 1),
                                    IpAddress.parse("127.0.0.1", port));
                    Connection connection =
                            new Connection(channel, worker, info, FilterPump.refusing());
                    transport.install(
                            channel,
                            info,
                            worker,
                            options,
                            new TransportListener() {
                                @Override
                                public void onTransportReady() {
                                    outcome.complete(new Outcome(info, "", connection));
                                }

                                @Override
                                public void onTransportFailed() {
                                    outcome.complete(
                                            new Outcome(
                                                    null,
                                                    String.valueOf(info.transportFailureReason()),
                                                    connection));
                                }
                            });
                    connection.install();
                })
                .sync();
        return outcome.get(5, TimeUnit.SECONDS);
    }

    private Outcome once(ClientTlsSpec spec, TransportOptions options) throws Exception {
        ClientTransport transport = spec.open(stats.scope("cluster.c."));
        try {
            Outcome outcome = dial(transport, options);
            outcome.channel().close().sync();
            return outcome;
        } finally {
            transport.close();
        }
    }

    @Test
    void shows_its_certificate_and_checks_the_servers() throws Exception {
        Outcome outcome =
                once(
                        spec(
                                trust(
                                        CA,
                                        new SanMatcher(
                                                SanMatcher.SanType.DNS,
                                                StringMatcherOf.exact("x.wild.example"))),
                                "server.example",
                                false,
                                1),
                        TransportOptions.NONE.withAlpnFallback(List.of("http/1.1", "h2")));
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.info().tls().alpn()).isEqualTo("h2");
        assertThat(outcome.info().tls().peerCertificateValidated()).isTrue();
        assertThat(outcome.info().tls().localNames().uriSans()).containsExactly("spiffe://c");
        Awaiting.until(() -> !echo.seen().isEmpty(), "the server's side");
        assertThat(echo.seen().peek().tls().peerNames().uriSans()).containsExactly("spiffe://c");
        assertThat(stats.counter("cluster.c.ssl.handshake").value()).isEqualTo(1);
    }

    private static final class StringMatcherOf {
        static StringMatcher exact(String value) {
            return new StringMatcher.Exact(value, false);
        }
    }

    @Test
    void refuses_a_stranger_in_envoys_words() throws Exception {
        Outcome outcome =
                once(
                        spec(trust(TestCertificates.authority("CN=else")), "", false, 1),
                        TransportOptions.NONE);
        assertThat(outcome.failure())
                .isEqualTo(
                        "TLS_error:|268435581:SSL routines:OPENSSL_internal:"
                                + "CERTIFICATE_VERIFY_FAILED:verify cert failed:"
                                + " X509_verify_cert: certificate verification error at depth 0:"
                                + " unable to get local issuer certificate:TLS_error_end");
        assertThat(stats.counter("cluster.c.ssl.fail_verify_error").value()).isEqualTo(1);
        // Envoy does not count as a connection error what it refuses itself.
        assertThat(stats.counter("cluster.c.ssl.connection_error").value()).isZero();
    }

    @Test
    void overrides_replace_the_configured_names() throws Exception {
        ClientTlsSpec spec =
                spec(
                        trust(
                                CA,
                                new SanMatcher(
                                        SanMatcher.SanType.DNS,
                                        StringMatcherOf.exact("never.example"))),
                        "server.example",
                        false,
                        1);
        assertThat(once(spec, TransportOptions.NONE).failure()).contains("SAN matcher");
        TransportOptions right =
                new TransportOptions(
                        "other.example",
                        List.of("a.wild.example"),
                        List.of("http/1.1"),
                        List.of(),
                        null,
                        null);
        Outcome outcome = once(spec, right);
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.info().tls().alpn()).isEqualTo("http/1.1");
        assertThat(
                        once(spec(trust(CA), "server.example", true, 1), TransportOptions.NONE)
                                .failure())
                .isEmpty();
        assertThat(
                        once(spec(trust(CA), "stranger.example", true, 1), TransportOptions.NONE)
                                .failure())
                .contains("verify SAN list, expected SANs: [stranger.example]");
    }

    @Test
    void without_validation_nothing_is_verified() throws Exception {
        Outcome outcome = once(spec(null, "", false, 1), TransportOptions.NONE);
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.info().tls().peerCertificatePresented()).isTrue();
        assertThat(outcome.info().tls().peerCertificateValidated()).isFalse();
    }

    @Test
    void sessions_resume_only_where_keys_are_kept() throws Exception {
        for (int keys : new int[] {0, 1}) {
            ClientTransport transport =
                    spec(trust(CA), "server.example", false, keys)
                            .open(stats.scope("cluster.k" + keys + "."));
            for (int i = 0; i < 4; i++) {
                Outcome outcome = dial(transport, TransportOptions.NONE);
                assertThat(outcome.failure()).isEmpty();
                Connection connection = outcome.connection();
                // The session ticket comes with or before the first bytes.
                Awaiting.until(() -> connection.bytesReceived() > 0, "the greeting");
                outcome.channel().close().sync();
            }
            transport.close();
        }
        assertThat(stats.counter("cluster.k0.ssl.session_reused").value()).isZero();
        assertThat(stats.counter("cluster.k1.ssl.session_reused").value()).isPositive();
    }

    @Test
    void a_session_is_not_resumed_by_another_cluster_nor_after_trust_has_changed()
            throws Exception {
        SecretRef<TlsSecret.Validation> trusted = SecretRef.of(trust(CA));
        ClientTransport first = spec(trusted, 1).open(stats.scope("cluster.a."));
        ClientTransport second = spec(trusted, 1).open(stats.scope("cluster.b."));
        greeted(first);
        greeted(second);
        assertThat(stats.counter("cluster.b.ssl.session_reused").value()).isZero();
        greeted(first);
        assertThat(stats.counter("cluster.a.ssl.session_reused").value()).isEqualTo(1);

        // The same authority and one more: a new bundle.
        trusted.update(
                new TlsSecret.Validation(
                        (new String(CA.pem(), US_ASCII)
                                        + new String(
                                                TestCertificates.authority("CN=more").pem(),
                                                US_ASCII))
                                .getBytes(US_ASCII),
                        "<inline>",
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        false,
                        false,
                        false,
                        100,
                        false));
        greeted(first);
        assertThat(stats.counter("cluster.a.ssl.session_reused").value()).isEqualTo(1);
        greeted(first);
        assertThat(stats.counter("cluster.a.ssl.session_reused").value()).isEqualTo(2);

        // A server that is no longer trusted is not reached by an old session.
        trusted.update(trust(TestCertificates.authority("CN=stranger")));
        assertThat(dial(first, TransportOptions.NONE).failure())
                .contains("unable to get local issuer certificate");
        first.close();
        second.close();
    }

    private void greeted(ClientTransport transport) throws Exception {
        Outcome outcome = dial(transport, TransportOptions.NONE);
        assertThat(outcome.failure()).isEmpty();
        Connection connection = outcome.connection();
        Awaiting.until(() -> connection.bytesReceived() > 0, "the greeting");
        outcome.channel().close().sync();
    }

    private static ClientTlsSpec spec(SecretRef<TlsSecret.Validation> trusted, int sessions) {
        return new ClientTlsSpec(
                TlsParams.clientDefaults(List.of()),
                SecretRef.of(secret(CLIENT)),
                trusted,
                "server.example",
                false,
                false,
                false,
                sessions,
                true);
    }
}
