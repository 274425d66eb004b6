package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.ServerTlsSpec;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.testkit.TestCertificates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Network filters act on a connection before its TLS handshake, as in Envoy. */
class BeforeHandshakeIT {

    private static final TestCertificates.Issued SERVER =
            TestCertificates.authority("CN=root").leaf("CN=server").dns("a.test").issue();

    private final StatsStore stats = new StatsStore();
    private final Engine engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1));

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> engine.connections() == 0, "connections are gone");
        engine.close();
    }

    /** Does something with each new connection, and nothing with its data. */
    private interface OnNewConnection {
        void act(Connection connection);
    }

    private static NetworkFilterSpec filter(OnNewConnection action) {
        return new NetworkFilterSpec() {
            @Override
            public boolean terminal() {
                return true;
            }

            @Override
            public NetworkFilterFactory open(NetworkFilterContext context) {
                return connection -> new Acting(connection, action);
            }
        };
    }

    private record Acting(Connection connection, OnNewConnection action)
            implements NetworkFilter.Terminal {
        @Override
        public void onNewConnection() {
            action.act(connection);
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            // Nothing is held.
        }
    }

    private Socket connect(OnNewConnection action) throws Exception {
        ServerTlsSpec tls =
                new ServerTlsSpec(
                        TlsParams.serverDefaults(List.of()),
                        List.of(
                                SecretRef.of(
                                        new TlsSecret.Certificate(
                                                SERVER.chainPem(),
                                                SERVER.keyPem(),
                                                null,
                                                null,
                                                null,
                                                "<inline>",
                                                "<inline>"))),
                        null,
                        false,
                        null,
                        false,
                        false,
                        0,
                        ServerTlsSpec.OcspStaplePolicy.LENIENT_STAPLING,
                        false,
                        false);
        var listener =
                Listeners.listener("a")
                        .filter(new TlsInspectorSpec(false, false, false))
                        .chain(Listeners.chain("c", FilterChainMatch.ANY, tls, filter(action)))
                        .build();
        assertThat(
                        Publishing.publish(
                                        engine,
                                        new ProxySnapshot(
                                                1, Map.of("a", listener), Map.of(), Map.of()))
                                .failures())
                .isEmpty();
        int port = ((IpAddress) engine.boundAddresses().get("a").getFirst()).port();
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5000);
        SSLEngine client = SSLContext.getDefault().createSSLEngine("a.test", 443);
        client.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(20_000);
        client.wrap(ByteBuffer.allocate(0), hello);
        socket.getOutputStream().write(hello.array(), 0, hello.position());
        return socket;
    }

    @Test
    void an_answer_at_once_answers_the_hello_and_is_lost() throws Exception {
        try (Socket client =
                connect(connection -> {
                    connection.write(Unpooled.copiedBuffer(new byte[] {'x'}));
                    connection.close(CloseType.FLUSH_WRITE, null);
                })) {
            byte[] seen = client.getInputStream().readAllBytes();
            assertThat(seen[0]).isEqualTo((byte) 22);
            assertThat(seen[5]).isEqualTo((byte) 2);
        }
    }

    @Test
    void a_close_without_an_answer_says_nothing() throws Exception {
        try (Socket client = connect(c -> c.close(CloseType.NO_FLUSH, null))) {
            assertThat(client.getInputStream().readAllBytes()).isEmpty();
        }
    }
}
