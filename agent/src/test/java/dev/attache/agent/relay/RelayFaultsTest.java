package dev.attache.agent.relay;

import static dev.attache.agent.relay.DiscoveryMessages.CLUSTER;
import static dev.attache.agent.relay.DiscoveryMessages.sotw;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Control planes that are not there, say nothing or break off: what the proxy's stream is told. */
final class RelayFaultsTest {

    private final RelayLab lab = new RelayLab();
    private final ScriptedControlPlane control = lab.control();

    @AfterEach
    void close() throws InterruptedException {
        lab.close();
    }

    @Test
    void nobodyListensAndThenSomebodyDoes() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        lab.start(() -> RelayLab.channel(port), RelayLab.PATIENCE);
        assertThat(attempt()).startsWith("UNAVAILABLE");
        assertThat(lab.metrics().print())
                .contains("istio_agent_istiod_connection_terminations{type=\"error\"} 1");
        lab.serve(port);
        ProxyStream<DiscoveryResponse> received = new ProxyStream<>();
        lab.proxy().streamAggregatedResources(received).onNext(sotw(CLUSTER));
        assertThat(control.next()).isEqualTo(sotw(CLUSTER));
        lab.leave();
        assertThat(received.end()).startsWith("CANCELLED");
    }

    private String attempt() throws Exception {
        ProxyStream<DiscoveryResponse> received = new ProxyStream<>();
        lab.proxy().streamAggregatedResources(received).onNext(sotw(CLUSTER));
        return received.end();
    }

    @Test
    void oneThatAcceptsAndSaysNothingIsGivenUp() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            lab.start(() -> RelayLab.channel(mute.getLocalPort()), Duration.ofMillis(200));
            assertThat(attempt())
                    .isEqualTo("UNAVAILABLE no connection to istiod:15010 within 200 ms");
        }
    }

    @Test
    void oneThatClosesAmidAMessage() throws Exception {
        try (ServerSocket broken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            lab.start(() -> RelayLab.channel(broken.getLocalPort()), RelayLab.PATIENCE);
            FutureTask<String> closing = new FutureTask<>(() -> closeAmid(broken));
            Thread.ofVirtual().start(closing);
            assertThat(attempt()).startsWith("UNAVAILABLE");
            assertThat(closing.get()).isEqualTo("closed");
        }
    }

    private static String closeAmid(ServerSocket broken) throws IOException {
        try (Socket socket = broken.accept()) {
            // A SETTINGS frame that announces more than it has.
            socket.getOutputStream().write(new byte[] {0, 0, 12, 4, 0, 0, 0, 0, 0, 1});
        }
        return "closed";
    }

    @Test
    void whatIsNeededToConnectIsNotThere() throws Exception {
        lab.start(
                () -> {
                    throw new IOException("no root at /x");
                },
                RelayLab.PATIENCE);
        assertThat(attempt()).isEqualTo("UNAVAILABLE no root at /x");
        assertThat(lab.metrics().print()).contains("istio_agent_istiod_connection_failures 1");
    }
}
