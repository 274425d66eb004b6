package dev.attache.conformance;

import static dev.attache.conformance.RawFrames.CONTINUATION;
import static dev.attache.conformance.RawFrames.DATA;
import static dev.attache.conformance.RawFrames.END_STREAM;
import static dev.attache.conformance.RawFrames.GOAWAY;
import static dev.attache.conformance.RawFrames.HEADERS;
import static dev.attache.conformance.RawFrames.PING;
import static dev.attache.conformance.RawFrames.PRIORITY;
import static dev.attache.conformance.RawFrames.RST_STREAM;
import static dev.attache.conformance.RawFrames.SETTINGS;
import static dev.attache.conformance.RawFrames.WINDOW_UPDATE;
import static dev.attache.conformance.RawFrames.frame;
import static dev.attache.conformance.RawFrames.join;
import static dev.attache.conformance.RawFrames.number;
import static dev.attache.conformance.RawFrames.request;
import static dev.attache.conformance.RawFrames.response;
import static dev.attache.conformance.RawFrames.setting;
import static dev.attache.conformance.RawFrames.times;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Floods by clients and by upstreams: who floods Envoy until it is thrown out is thrown out here,
 * is told of it as late, and the counter moves by which an operator hears of it.
 */
@Tag("conformance")
final class FloodIT {

    private static final int MANY = 12_000;
    private static final String PREMATURE = "http.main.downstream_rq_too_many_premature_resets";
    private static final String CONTROL = "http2.outbound_control_flood";
    private static final String PROTOCOL = "http.main.downstream_cx_protocol_error";
    private static final String HELD = "http.main.downstream_cx_delayed_close_timeout";

    /**
     * What a client sends again and again.
     *
     * @param counter that moves with us; Envoy's library counts some of them nowhere
     */
    private record Flood(byte[] first, IntFunction<byte[]> one, String counter) {}

    private static Map<String, Flood> clients() {
        byte[] post = request(1);
        Map<String, Flood> all = new TreeMap<>();
        all.put("rapid reset", streams(s -> frame(RST_STREAM, 0, s, number(8)), PREMATURE));
        all.put("length", streams(s -> frame(DATA, END_STREAM, s, new byte[2]), PREMATURE, "1"));
        all.put("long body", streams(s -> frame(DATA, 0, s, new byte[2]), PREMATURE, "1"));
        all.put("window", streams(s -> frame(WINDOW_UPDATE, 0, s, number(-1 >>> 1)), PROTOCOL));
        all.put("zero window", streams(s -> frame(WINDOW_UPDATE, 0, s, number(0)), PROTOCOL));
        all.put("late data", streams(s -> late(s), PROTOCOL));
        all.put("refused", streams(s -> new byte[0], PROTOCOL));
        all.put("ping", of(new byte[0], frame(PING, 0, 0, new byte[8]), CONTROL));
        all.put("settings", of(new byte[0], frame(SETTINGS, 0, 0), CONTROL));
        all.put("window by settings", new Flood(post, i -> window(i), CONTROL));
        all.put("table by settings", new Flood(post, i -> table(i), CONTROL));
        byte[] large = frame(SETTINGS, 0, 0, times(2700, setting(0x99, 1)));
        all.put("large settings", of(new byte[0], large, PROTOCOL));
        all.put("acknowledgements", of(new byte[0], frame(SETTINGS, 1, 0), PROTOCOL));
        String empty = "http2.inbound_empty_frames_flood";
        all.put("empty data", of(post, frame(DATA, 0, 1), empty));
        all.put("padding", of(post, frame(DATA, 8, 1, (byte) 2, (byte) 0, (byte) 0), empty));
        byte[] open = frame(HEADERS, 0, 1, RawFrames.block(":method", "GET"));
        all.put("empty continuation", of(open, frame(CONTINUATION, 0, 1), empty));
        byte[] priority = frame(PRIORITY, 0, 1, join(number(3), new byte[1]));
        all.put("priority", of(post, priority, "http2.inbound_priority_frames_flood"));
        byte[] update = frame(WINDOW_UPDATE, 0, 0, number(1));
        all.put("window update", of(post, update, "http2.inbound_window_update_frames_flood"));
        byte[] bad = frame(HEADERS, 4, 1, RawFrames.block("a", "b"));
        all.put("bad trailers", of(post, bad, "http2.rx_messaging_error"));
        return all;
    }

    /** What both bear: it costs nobody anything. */
    private static Map<String, Flood> harmless() {
        return new TreeMap<>(
                Map.of(
                        "unknown", of(new byte[0], frame(0x77, 0, 0, new byte[1]), ""),
                        "altsvc", of(new byte[0], frame(0x0a, 0, 0, new byte[4]), ""),
                        "goaway", of(new byte[0], frame(GOAWAY, 0, 0, new byte[8]), "")));
    }

    private static Flood of(byte[] first, byte[] again, String counter) {
        return new Flood(first, i -> again, counter);
    }

    private static Flood streams(IntFunction<byte[]> then, String counter) {
        return new Flood(
                new byte[0], i -> join(request(2 * i + 1), then.apply(2 * i + 1)), counter);
    }

    private static Flood streams(IntFunction<byte[]> then, String counter, String length) {
        IntFunction<byte[]> one =
                i -> join(request(2 * i + 1, "content-length", length), then.apply(2 * i + 1));
        return new Flood(new byte[0], one, counter);
    }

    private static byte[] late(int stream) {
        return join(frame(DATA, END_STREAM, stream), frame(DATA, 0, stream, new byte[1]));
    }

    private static byte[] window(int i) {
        return frame(SETTINGS, 0, 0, setting(4, i % 2 == 0 ? 1 : 1 << 20));
    }

    private static byte[] table(int i) {
        return frame(SETTINGS, 0, 0, setting(1, i % 2 == 0 ? 0 : 4096));
    }

    /** What upstreams send after the request and before their answer. */
    private static Map<String, byte[]> upstreams() {
        Map<String, byte[]> all = new TreeMap<>();
        all.put("ping", times(MANY, frame(PING, 0, 0, new byte[8])));
        all.put("settings", times(MANY, frame(SETTINGS, 0, 0)));
        all.put("largesettings", times(50, frame(SETTINGS, 0, 0, times(2700, setting(9, 1)))));
        all.put("windows", times(MANY / 2, join(window(0), window(1))));
        all.put("update", times(MANY, frame(WINDOW_UPDATE, 0, 0, number(1))));
        all.put("priority", times(MANY, frame(PRIORITY, 0, 1, join(number(3), new byte[1]))));
        all.put("interim", times(MANY, response(1, "103", false)));
        all.put("goaway", times(MANY, frame(GOAWAY, 0, 0, join(number(1), number(0)))));
        all.put("unknown", times(MANY, frame(0x77, 0, 0, new byte[1])));
        byte[] push = join(number(2), RawFrames.block(":method", "GET"));
        all.put("push", frame(5, 4, 1, push));
        return all;
    }

    @Test
    void endsWhereEnvoyEnds(@TempDir Path directory) throws Exception {
        Map<String, String> envoy = play(directory.resolve("envoy"), Peers.envoy(), false);
        Map<String, String> ours = play(directory.resolve("ours"), Peers.subject(), true);
        assertThat(ours).isEqualTo(envoy);
    }

    private static Map<String, String> play(Path directory, Path binary, boolean counted)
            throws Exception {
        Files.createDirectories(directory);
        int admin = Ports.free();
        int listener = Ports.free();
        Map<String, String> seen = new LinkedHashMap<>();
        Map<String, Integer> ports = new TreeMap<>();
        try (ServerSocket silent = listen();
                Upstreams upstreams = new Upstreams(upstreams(), ports)) {
            String bootstrap =
                    PeerBootstraps.hostile(admin, listener, silent.getLocalPort(), ports);
            Path config = Files.writeString(directory.resolve("envoy.yaml"), bootstrap);
            try (ProxyProcess proxy =
                    ProxyProcess.start(binary, config, directory, admin, List.of())) {
                for (Map.Entry<String, Flood> e : clients().entrySet()) {
                    Map<String, Long> before = counters(admin);
                    boolean ended = flood(listener, e.getValue());
                    Map<String, Long> after = counters(admin);
                    String how = moved(HELD, before, after) ? ", held" : "";
                    seen.put(e.getKey(), (ended ? "ended" : "open") + how);
                    if (counted) {
                        String name = e.getValue().counter();
                        assertThat(moved(name, before, after))
                                .as(name + " under " + e.getKey())
                                .isTrue();
                    }
                }
                for (Map.Entry<String, Flood> e : harmless().entrySet()) {
                    seen.put(e.getKey(), flood(listener, e.getValue()) ? "ended" : "open");
                }
                for (String name : ports.keySet()) {
                    seen.put("upstream: " + name, "" + ask(listener, "/" + name));
                }
                assertThat(proxy.alive()).isTrue();
            }
        }
        return seen;
    }

    private static boolean moved(String name, Map<String, Long> before, Map<String, Long> after) {
        return after.getOrDefault(name, 0L) > before.getOrDefault(name, 0L);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    }

    /** True where the proxy ends the connection before all is sent and answered. */
    private static boolean flood(int port, Flood flood) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread reader = Thread.ofVirtual().start(() -> drain(socket));
            try {
                byte[] ack = frame(SETTINGS, 1, 0);
                byte[] begin = join(RawFrames.PREFACE, frame(SETTINGS, 0, 0), ack, flood.first());
                socket.getOutputStream().write(begin);
                for (int i = 0; i < MANY && reader.isAlive(); i += 100) {
                    byte[][] batch = new byte[100][];
                    for (int k = 0; k < batch.length; k++) {
                        batch[k] = flood.one().apply(i + k);
                    }
                    socket.getOutputStream().write(join(batch));
                }
            } catch (SocketException e) {
                return true;
            }
            return reader.join(Duration.ofSeconds(flood.counter().isEmpty() ? 1 : 10));
        }
    }

    private static void drain(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A reset is an end, too.
            assertThat(e).isInstanceOf(SocketException.class);
        }
    }

    private static int ask(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    private static Map<String, Long> counters(int admin) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + admin + "/stats?type=Counters");
            String body =
                    client.send(
                                    HttpRequest.newBuilder(uri).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            return body.lines()
                    .map(line -> line.split(": "))
                    .collect(Collectors.toMap(p -> p[0], p -> Long.valueOf(p[1]), (a, b) -> a));
        }
    }

    /** HTTP/2 servers of which each answers its first stream after a flood. */
    private static final class Upstreams implements AutoCloseable {
        private final Map<String, ServerSocket> sockets = new TreeMap<>();

        Upstreams(Map<String, byte[]> floods, Map<String, Integer> ports) throws IOException {
            for (Map.Entry<String, byte[]> e : floods.entrySet()) {
                ServerSocket socket = listen();
                sockets.put(e.getKey(), socket);
                ports.put(e.getKey(), socket.getLocalPort());
                Thread.ofVirtual().start(() -> serve(socket, e.getValue()));
            }
        }

        private static void serve(ServerSocket listening, byte[] flood) {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    Thread.ofVirtual().start(() -> answer(socket, flood));
                }
            } catch (IOException e) {
                assertThat(listening.isClosed()).isTrue();
            }
        }

        private static void answer(Socket socket, byte[] flood) {
            try (socket) {
                InputStream in = socket.getInputStream();
                in.readNBytes(RawFrames.PREFACE.length);
                int type;
                do {
                    byte[] head = in.readNBytes(9);
                    type = head[3];
                    in.readNBytes((head[0] & 255) << 16 | (head[1] & 255) << 8 | head[2] & 255);
                } while (type != HEADERS);
                byte[] begin = join(frame(SETTINGS, 0, 0), frame(SETTINGS, 1, 0));
                Thread reader = Thread.ofVirtual().start(() -> drain(socket));
                socket.getOutputStream().write(join(begin, flood, response(1, "200", true)));
                reader.join(Duration.ofSeconds(20));
            } catch (IOException | InterruptedException e) {
                // The proxy has ended it.
                assertThat(e).isNotNull();
            }
        }

        @Override
        public void close() throws IOException {
            for (ServerSocket socket : sockets.values()) {
                socket.close();
            }
        }
    }
}
