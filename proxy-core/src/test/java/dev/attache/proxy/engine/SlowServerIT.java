package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.tcp.TcpProxySpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.worker.JitteredTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The TCP proxy before a server that does not read: more than the kernel holds waits in it. */
final class SlowServerIT {

    /** More than two sockets' buffers. */
    private static final int MUCH = 12 << 20;

    private final HttpFixture fixture = new HttpFixture();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket();
        server.setReceiveBufferSize(64 << 10);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.setSoTimeout(10_000);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        server.close();
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
    }

    private int serve(int bufferLimit, long idleMillis) {
        fixture.cluster(
                ClusterSpec.named("a").bufferLimitBytes(bufferLimit), server.getLocalPort());
        return fixture.serve(
                Listeners.listener("web").chain(Listeners.chain("c", proxy(idleMillis))).build());
    }

    private static TcpProxySpec proxy(long idleMillis) {
        return new TcpProxySpec(
                "t",
                List.of(new TcpProxySpec.WeightedCluster("a", 1, Metadata.EMPTY)),
                Metadata.EMPTY,
                idleMillis,
                1,
                JitteredTime.OFF,
                List.of(),
                List.of(),
                0,
                false,
                false,
                false,
                null,
                null);
    }

    private static Thread send(Socket to, int octets) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        to.getOutputStream().write(new byte[octets]);
                        to.shutdownOutput();
                    } catch (IOException closed) {
                        assertThat(to.isClosed()).isTrue();
                    }
                });
    }

    private long received() {
        return fixture.stats.counter("tcp.t.downstream_cx_rx_bytes_total").value();
    }

    @Test
    void whatAClientLeavesBehindIsGivenUpWhenNothingMoves() throws Exception {
        int port = serve(4 * MUCH, 2_000);
        try (Socket client = new Socket("127.0.0.1", port)) {
            send(client, MUCH);
            try (Socket peer = server.accept()) {
                Awaiting.until(() -> received() == MUCH, "all that the client sends");
                peer.shutdownOutput();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                Awaiting.until(() -> gauge("upstream_flush_active") == 1, "the flush");
                Awaiting.until(() -> gauge("upstream_flush_active") == 0, "its end");
                assertThat(fixture.stats.counter("tcp.t.idle_timeout").value()).isEqualTo(1);
                assertThat(peer.isClosed()).isFalse();
            }
        }
    }

    private long gauge(String name) {
        return fixture.stats.gauge("tcp.t." + name).value();
    }
}
