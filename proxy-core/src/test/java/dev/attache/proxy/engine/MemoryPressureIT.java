package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker with a small budget: who makes it hold much goes, who asks for little is served. */
class MemoryPressureIT {

    private static final int KIB = 1024;
    private static final String RESET =
            "overload.envoy.overload_actions.reset_high_memory_stream.count";

    private final HttpFixture fixture = new HttpFixture(new MemoryBudget(2048 * KIB, 2048 * KIB));
    private final WorkerMemory memory = fixture.engine.workers().getFirst().memory();
    private final List<Socket> crowd = new ArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Formatter format =
            Formatter.parse("%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%");
    private final AccessLog accessLog = entry -> log.add(format.format(entry));

    @AfterEach
    void everythingIsGivenBack() throws Exception {
        for (Socket peer : crowd) {
            peer.close();
        }
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        Awaiting.until(() -> memory.accounts() == 0, "accounts are closed");
        fixture.close();
    }

    private int serve(RawUpstream upstream) {
        fixture.cluster(ClusterSpec.named("up"), upstream.port());
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route(
                                        "/small",
                                        new RouteAction.DirectResponse(
                                                200, new byte[] {'!'}, null)),
                                HttpFixture.route("/", HttpFixture.forward("up", 0, null))),
                        accessLog));
    }

    private Socket connect(int port) throws IOException {
        Socket peer = new Socket("127.0.0.1", port);
        peer.setSoTimeout(10_000);
        crowd.add(peer);
        return peer;
    }

    private static String head(String path, int fields) {
        StringBuilder text =
                new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nhost: a\r\n");
        for (int i = 0; i < fields; i++) {
            text.append("x-").append(i).append(": ").append("v".repeat(KIB)).append("\r\n");
        }
        return text.toString();
    }

    /** False where the proxy has reset the connection already. */
    private static boolean send(Socket peer, byte[] bytes) throws IOException {
        try {
            peer.getOutputStream().write(bytes);
            return true;
        } catch (SocketException reset) {
            return false;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String small(int port) throws IOException {
        return RawClient.exchange(
                port, "GET /small HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    }

    private long count(String name) {
        return fixture.stats.counter(name).value();
    }

    @Test
    void unfinishedHeadsMakeRoomForTheNext() throws Exception {
        try (RawUpstream upstream = new RawUpstream("")) {
            int port = serve(upstream);
            for (int i = 0; i < 80; i++) {
                send(connect(port), ascii(head("/", 40)));
                assertThat(memory.heapHeld()).isLessThan(2300L * KIB);
            }
            assertThat(small(port)).startsWith("HTTP/1.1 200 ");
            assertThat(count(RESET)).isPositive();
            assertThat(count("overload.worker_heap.shed_count")).isEqualTo(count(RESET));
            assertThat(fixture.engine.connections()).isBetween(10, 40);
        }
    }

    @Test
    void requestsThatHoldMuchAreRefusedBeforeAnybodyIsReset() throws Exception {
        try (RawUpstream upstream = new RawUpstream("")) {
            int port = serve(upstream);
            for (int i = 0; i < 23; i++) {
                send(connect(port), ascii(head("/", 40)));
            }
            Awaiting.until(() -> memory.heapHeld() > 1600L * KIB, "heads have come");
            Socket heavy = connect(port);
            send(heavy, ascii(head("/", 50) + "\r\n"));
            String answer =
                    new String(heavy.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer)
                    .startsWith("HTTP/1.1 503 ")
                    .contains("connection: close\r\n")
                    .endsWith("envoy overloaded");
            Awaiting.until(() -> !log.isEmpty(), "the request is logged");
            assertThat(log).containsExactly("503 - overload");
            assertThat(count("http.web.downstream_rq_overload_close")).isEqualTo(1);
            assertThat(count(RESET)).isZero();
            assertThat(small(port)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aHeadCostsWhatItExpandsTo() throws Exception {
        try (RawUpstream upstream =
                new RawUpstream("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")) {
            int port = serve(upstream);
            Socket peer = connect(port);
            send(peer, expandingHeads(60));
            Awaiting.until(() -> log.contains("503 - overload"), "streams are refused");
            // A refused stream holds what it cost until its answer is written.
            Awaiting.until(() -> memory.heapHeld() <= 2048L * KIB, "refused streams gave back");
            assertThat(memory.heapHeld()).isGreaterThanOrEqualTo(1400L * KIB);
            assertThat(count(RESET)).isZero();
            memory.budget().heap(700 * KIB);
            assertThat(small(port)).startsWith("HTTP/1.1 200 ");
            assertThat(count(RESET)).isPositive();
            Awaiting.until(() -> log.contains("0 OM overload"), "the log names the reason");
            assertThat(memory.heapHeld()).isLessThan(700L * KIB);
        }
    }

    /** HTTP/2 requests of a few dozen octets, each with 14 times a field of 3,900. */
    private static byte[] expandingHeads(int streams) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        frame(out, 4, 0, 0, new byte[0]);
        for (int stream = 1; stream < 2 * streams; stream += 2) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x01, 1, 'a'});
            if (stream == 1) {
                // With incremental indexing: x = 3,900 times v; the length is 127 + 3,773.
                block.writeBytes(new byte[] {0x40, 1, 'x', 0x7f, (byte) 0xbd, 0x1d});
                block.writeBytes(ascii("v".repeat(3900)));
            }
            for (int i = 0; i < 14; i++) {
                block.write(0xbe);
            }
            frame(out, 1, 5, stream, block.toByteArray());
        }
        return out.toByteArray();
    }

    private static void frame(
            ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(
                new byte[] {
                    (byte) (payload.length >> 16),
                    (byte) (payload.length >> 8),
                    (byte) payload.length,
                    (byte) type,
                    (byte) flags,
                    0,
                    0,
                    (byte) (stream >> 8),
                    (byte) stream
                });
        out.writeBytes(payload);
    }

    @Test
    void whoDoesNotReadMakesRoom() throws Exception {
        String large = "HTTP/1.1 200 OK\r\ncontent-length: 8388608\r\n\r\n" + "b".repeat(8 << 20);
        try (RawUpstream upstream = new RawUpstream(large)) {
            int port = serve(upstream);
            for (int i = 0; i < 12; i++) {
                send(connect(port), ascii(head("/", 0) + "\r\n"));
            }
            Awaiting.until(
                    () -> count("overload.worker_direct.shed_count") > 0, "readers are reset");
            assertThat(small(port)).startsWith("HTTP/1.1 200 ");
        }
    }
}
