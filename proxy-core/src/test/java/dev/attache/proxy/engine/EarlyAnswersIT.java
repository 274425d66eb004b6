package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An HTTP/2 server that has answered before the request was whole: its stream does not stay. */
final class EarlyAnswersIT {

    private final HttpFixture fixture = new HttpFixture();
    private final AtomicReference<FilterContext> held = new AtomicReference<>();

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(
                () -> fixture.stats.gauge("cluster.up.upstream_rq_active").value() == 0,
                "no request is under way");
        fixture.close();
    }

    @Test
    void anAnswerThatIsTriedAgainLeavesNoStreamBehind() throws Exception {
        try (Server server = new Server(Server.INTERNAL_ERROR)) {
            int port = serve(server, UpstreamHttpSpec.DEFAULTS);
            try (Socket client = new Socket("127.0.0.1", port)) {
                begin(client);
                Awaiting.until(() -> server.seen.contains("head 3"), "the second try");
                end(client);
                assertThat(response(client)).startsWith("HTTP/1.1 200");
            }
            Awaiting.until(() -> server.seen.contains("reset 1"), "reset of the first try");
            assertThat(server.seen).contains("end 3").doesNotContain("reset 3", "end 1");
        }
    }

    @Test
    void anAnswerThatAFilterHoldsUntilTheRequestIsWholeLeavesNoStreamBehind() throws Exception {
        try (Server server = new Server(Server.OK)) {
            HttpFilterChain holding = new HttpFilterChain(List.of(entry("holding", Holding::new)));
            int port = serve(server, UpstreamHttpSpec.DEFAULTS.withFilters(holding));
            try (Socket client = new Socket("127.0.0.1", port)) {
                begin(client);
                Awaiting.until(() -> held.get() != null, "the answer");
                end(client);
                assertThat(response(client)).startsWith("HTTP/1.1 200");
            }
            Awaiting.until(() -> server.seen.contains("reset 1"), "the stream's end");
        }
    }

    /** Between router and codec: holds the response. */
    private final class Holding implements HttpFilter {
        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
            held.set(context);
            return Step.PAUSE;
        }
    }

    /** Before the router: lets it go on when the request has ended. */
    private final class Releasing implements HttpFilter {
        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
            FilterContext holding = held.get();
            if (end && holding != null) {
                context.connection()
                        .worker()
                        .eventLoop()
                        .execute(() -> holding.resume(Direction.RESPONSE));
            }
            return Step.CONTINUE;
        }
    }

    private static FilterEntry entry(String name, HttpFilterFactory factory) {
        return new FilterEntry(name, scope -> factory, false);
    }

    private int serve(Server server, UpstreamHttpSpec http) {
        fixture.cluster(
                ClusterSpec.named("up")
                        .http(http.withProtocol(UpstreamHttpSpec.ProtocolChoice.HTTP2)),
                server.port());
        RetryPolicy again = HttpProxyIT.retryOn(RetryPolicy.RetryOn.SERVER_ERROR);
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route("/", HttpFixture.forward("up", 0, again))),
                        List.of(
                                entry("releasing", Releasing::new),
                                new FilterEntry("router", RouterSpec.DEFAULTS, false))));
    }

    private static void begin(Socket client) throws IOException {
        client.setSoTimeout(20_000);
        write(
                client,
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n"
                        + "connection: close\r\n\r\n3\r\nabc\r\n");
    }

    private static void end(Socket client) throws IOException {
        write(client, "0\r\n\r\n");
    }

    private static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String response(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** Answers its first stream when it sees the head, further ones when they are whole. */
    private static final class Server implements AutoCloseable {
        /** Statuses as HPACK's static table has them. */
        static final int OK = 0x88;

        static final int INTERNAL_ERROR = 0x8e;
        private static final int DATA = 0;
        private static final int HEADERS = 1;
        private static final int RST_STREAM = 3;
        private static final int SETTINGS = 4;
        private static final int ACK = 1;
        private static final int END_STREAM = 1;
        private static final int END_HEADERS = 4;

        final List<String> seen = new CopyOnWriteArrayList<>();
        private final ServerSocket listening =
                new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final int first;

        Server(int first) throws IOException {
            this.first = first;
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void serve() {
            try (Socket socket = listening.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream();
                in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
                frame(out, SETTINGS, 0, 0);
                while (true) {
                    int head = in.readInt();
                    int flags = in.readUnsignedByte();
                    int stream = in.readInt();
                    in.readNBytes(head >>> 8);
                    see(out, head & 0xff, flags, stream);
                }
            } catch (IOException closed) {
                seen.add("closed");
            }
        }

        private void see(OutputStream out, int type, int flags, int stream) throws IOException {
            if (type == SETTINGS && (flags & ACK) == 0) {
                frame(out, SETTINGS, ACK, 0);
            }
            if (type == RST_STREAM) {
                seen.add("reset " + stream);
            }
            if (type == HEADERS) {
                seen.add("head " + stream);
                if (stream == 1) {
                    answer(out, first, stream);
                }
            }
            if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
                seen.add("end " + stream);
                if (stream > 1) {
                    answer(out, OK, stream);
                }
            }
        }

        private void answer(OutputStream out, int status, int stream) throws IOException {
            frame(out, HEADERS, END_STREAM | END_HEADERS, stream, status);
        }

        private static void frame(OutputStream to, int type, int flags, int stream, int... payload)
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
            to.write(frame.toByteArray());
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
