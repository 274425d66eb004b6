package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server takes a little of a request, whose body has waited for the stream: the client waits too,
 * whoever the server's request is for.
 */
final class BackPressureIT {

    private static final int BODY = 24 << 20;

    private static final long ENOUGH = 6 << 20;

    private final HttpFixture fixture = new HttpFixture();
    private Server server;
    private RawUpstream other;

    @BeforeEach
    void servers() throws Exception {
        server = new Server();
        other = new RawUpstream("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nup");
        Thresholds one =
                new Thresholds(1, 1024, 1024, 3, CircuitBreakerSpec.UNLIMITED, null, false);
        fixture.cluster(
                ClusterSpec.named("slow")
                        .circuitBreakers(
                                new CircuitBreakerSpec(one, one, CircuitBreakerSpec.UNLIMITED))
                        .http(
                                UpstreamHttpSpec.DEFAULTS.withProtocol(
                                        UpstreamHttpSpec.ProtocolChoice.HTTP2)),
                server.port());
        fixture.cluster(ClusterSpec.named("other"), other.port());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        server.close();
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
        other.close();
    }

    @Test
    void ofARequest() throws Exception {
        RouteAction.Forward slow = HttpFixture.forward("slow", 0, null);
        clientWaits(slow);
    }

    @Test
    void ofACopy() throws Exception {
        RouteAction.Forward copied =
                HttpFixture.forward(
                        "other",
                        0,
                        null,
                        List.of(
                                new RouteAction.Mirror(
                                        "slow", null, null, false, null, List.of(), null)));
        clientWaits(copied);
    }

    private void clientWaits(RouteAction.Forward action) throws Exception {
        int port =
                fixture.serve(
                        HttpFixture.manager(
                                HttpFixture.table(
                                        HttpFixture.route(
                                                "/first", HttpFixture.forward("slow", 0, null)),
                                        HttpFixture.route("/big", action),
                                        HttpFixture.route(
                                                "/", HttpFixture.forward("other", 0, null)))));
        try (Socket first = new Socket("127.0.0.1", port);
                Socket big = new Socket("127.0.0.1", port)) {
            write(first, "GET /first HTTP/1.1\r\nhost: a\r\n\r\n");
            Awaiting.until(() -> server.heads.get() == 1, "the stream that is in the way");
            Thread sender = Thread.ofVirtual().start(() -> send(big));
            Awaiting.until(
                    () -> fixture.engine.directHeldForPeers() > 1 << 20, "a body that waits");
            server.endFirst();
            Awaiting.until(() -> server.octets.get() > 0, "what fits the window");
            for (int turn = 0; turn < 200; turn++) {
                assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200");
                assertThat(fixture.engine.directHeldForPeers()).isLessThan(ENOUGH);
            }
            assertThat(sender.isAlive()).isTrue();
        }
    }

    private static void send(Socket to) {
        try {
            write(to, "POST /big HTTP/1.1\r\nhost: a\r\ncontent-length: " + BODY + "\r\n\r\n");
            to.getOutputStream().write(new byte[BODY]);
        } catch (IOException closed) {
            // The test is over.
            assertThat(to.isClosed()).isTrue();
        }
    }

    private static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One stream at a time, and never a window larger than the first. */
    private static final class Server implements AutoCloseable {
        private static final int DATA = 0;
        private static final int HEADERS = 1;
        private static final int SETTINGS = 4;
        private static final int ACK = 1;
        private static final int END_STREAM = 1;
        private static final int END_HEADERS = 4;

        final AtomicInteger heads = new AtomicInteger();
        final AtomicInteger octets = new AtomicInteger();
        private final ServerSocket listening =
                new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private volatile Socket socket = new Socket();

        Server() throws IOException {
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void serve() {
            try (Socket accepted = listening.accept()) {
                socket = accepted;
                DataInputStream in = new DataInputStream(accepted.getInputStream());
                in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
                frame(SETTINGS, 0, 0, 0, 3, 0, 0, 0, 1);
                while (true) {
                    int head = in.readInt();
                    int flags = in.readUnsignedByte();
                    int stream = in.readInt();
                    in.readNBytes(head >>> 8);
                    see(head & 0xff, head >>> 8, flags, stream);
                }
            } catch (IOException closed) {
                octets.addAndGet(0);
            }
        }

        private void see(int type, int length, int flags, int stream) throws IOException {
            if (type == SETTINGS && (flags & ACK) == 0) {
                frame(SETTINGS, ACK, 0);
            } else if (type == HEADERS) {
                heads.incrementAndGet();
                if (stream == 1) {
                    frame(HEADERS, END_HEADERS, stream, 0x88);
                }
            } else if (type == DATA) {
                octets.addAndGet(length);
            }
        }

        void endFirst() throws IOException {
            frame(DATA, END_STREAM, 1);
        }

        private synchronized void frame(int type, int flags, int stream, int... payload)
                throws IOException {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(0);
            frame.write(0);
            frame.write(payload.length);
            frame.write(type);
            frame.write(flags);
            frame.writeBytes(new byte[] {0, 0, 0, (byte) stream});
            for (int octet : payload) {
                frame.write(octet);
            }
            OutputStream to = socket.getOutputStream();
            to.write(frame.toByteArray());
        }

        @Override
        public void close() throws IOException {
            listening.close();
            socket.close();
        }
    }
}
