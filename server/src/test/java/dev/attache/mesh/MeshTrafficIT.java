package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.testkit.TestCertificates;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sidecars of one istiod, the real Envoy and Attache in both places, over mutual TLS: the same
 * answers and log lines as with Envoy on both sides. Istio's own filters are off, as Envoy does not
 * have them.
 */
@Tag("conformance")
final class MeshTrafficIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Map<String, String> WITHOUT_FILTERS =
            Map.of("PILOT_ENABLE_METADATA_EXCHANGE", "false", "PILOT_ENABLE_ALPN_FILTER", "false");
    private static final String LOG =
            "LOG %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%"
                    + " %BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER% %ROUTE_NAME% %REQUESTED_SERVER_NAME%"
                    + " %DOWNSTREAM_PEER_URI_SAN% %DOWNSTREAM_LOCAL_URI_SAN% %PROTOCOL% %REQ(:METHOD)% %REQ(:PATH)%\n";

    private static final MeshNode SERVER =
            new MeshNode(
                    "sidecar",
                    "127.0.0.12",
                    "server",
                    "default",
                    Map.of("app", "web"),
                    Map.of("INTERCEPTION_MODE", "NONE"));
    private static final MeshNode CLIENT =
            new MeshNode(
                    "sidecar",
                    "127.0.0.11",
                    "client",
                    "default",
                    Map.of("app", "client"),
                    Map.of("INTERCEPTION_MODE", "NONE"));

    private final TestCertificates authority = TestCertificates.authority("CN=mesh");
    private final Map<String, String> placeholders = new HashMap<>();

    @TempDir private Path directory;

    /** What the last look at a pair found missing. */
    private String missing = "";

    private int port(String name) {
        return Integer.parseInt(
                placeholders.computeIfAbsent(name, any -> String.valueOf(Ports.free())));
    }

    @Test
    void answersAlikeOnBothSides() throws Exception {
        MeshObjects objects = new MeshObjects(name -> String.valueOf(port(name)));
        Map<String, Object> mesh = new HashMap<>(objects.read("mesh").getFirst());
        mesh.put("defaultProviders", Map.of());
        mesh.put("accessLogFile", "access.log");
        mesh.put("accessLogFormat", LOG);
        Path work = Files.createDirectories(directory.resolve("istiod"));
        try (MeshApplication application = new MeshApplication();
                WorkloadSecrets client = new WorkloadSecrets(authority, CLIENT.identity());
                WorkloadSecrets server = new WorkloadSecrets(authority, SERVER.identity());
                Istiod istiod = new FileIstiod(work, mesh, Map.of(), WITHOUT_FILTERS)) {
            placeholders.put("http.app", String.valueOf(application.http()));
            placeholders.put("grpc.app", String.valueOf(application.grpc()));
            placeholders.put("tcp.app", String.valueOf(application.tcp()));
            istiod.apply(objects.read("traffic"));
            assertThat(PeerProcess.eventually(PATIENCE, () -> knowsServer(istiod)))
                    .as(istiod.log())
                    .isTrue();
            Map<String, List<String>> seen = new LinkedHashMap<>();
            for (Path theirs : List.of(Peers.envoy(), Peers.subject())) {
                for (Path ours : List.of(Peers.envoy(), Peers.subject())) {
                    String pair = theirs.getFileName() + " to " + ours.getFileName();
                    seen.put(pair, walk(pair, theirs, ours, istiod, client, server));
                }
            }
            List<String> expected = seen.values().iterator().next();
            assertThat(expected).anyMatch(line -> line.contains("URI=" + CLIENT.identity()));
            seen.forEach((pair, lines) -> assertThat(lines).as(pair).isEqualTo(expected));
        }
    }

    private List<String> walk(
            String pair,
            Path clientBinary,
            Path serverBinary,
            Istiod istiod,
            WorkloadSecrets client,
            WorkloadSecrets server)
            throws Exception {
        Path work = Files.createDirectories(directory.resolve(pair.replace(' ', '-')));
        List<String> seen = new ArrayList<>();
        try (MeshProxies proxies = new MeshProxies(work, authority)) {
            proxies.start(serverBinary, SERVER, istiod, server, Ports.free());
            proxies.start(clientBinary, CLIENT, istiod, client, Ports.free());
            boolean serves = PeerProcess.eventually(PATIENCE, () -> serves(proxies));
            assertThat(serves).as(() -> pair + ": " + fate(proxies)).isTrue();
            for (String request :
                    List.of(
                            "GET /",
                            "GET /beta x-user: tester x-drop: 1",
                            "GET /beta",
                            "GET /fault",
                            "GET /old",
                            "GET /direct",
                            "GET /api/v7/thing",
                            "GET /secret/x",
                            "GET /broken",
                            "GET /jwt authorization: Bearer e30.e30.e30",
                            "POST /upload content-length: 100000")) {
                seen.add(request + " -> " + http(request));
            }
            seen.add("websocket -> " + webSocket());
            seen.add("grpc -> " + grpc());
            seen.add("tcp -> " + tcp());
            for (MeshNode node : proxies.nodes()) {
                // The last of all requests is that of TCP, and what is logged keeps its order.
                Path log = work.resolve(node.name() + "/access.log");
                assertThat(PeerProcess.eventually(PATIENCE, () -> tail(log).startsWith("LOG 0 ")))
                        .as(tail(log))
                        .isTrue();
            }
        }
        for (MeshNode node : List.of(CLIENT, SERVER)) {
            Files.readAllLines(work.resolve(node.name() + "/access.log")).stream()
                    .filter(line -> line.startsWith("LOG ") && !line.contains("/settle"))
                    .map(line -> node.name() + " " + normal(line))
                    .distinct()
                    .sorted()
                    .forEach(seen::add);
        }
        return seen;
    }

    private static boolean knowsServer(Istiod istiod) {
        return istiod.debug("endpointz").contains(SERVER.address());
    }

    private static String tail(Path log) {
        try {
            return Files.readAllLines(log).getLast();
        } catch (IOException | java.util.NoSuchElementException notYet) {
            return "";
        }
    }

    private boolean serves(MeshProxies proxies) {
        try {
            missing = "ready";
            if (!proxies.ready()) {
                return false;
            }
            missing = http("GET /settle");
            if (!missing.startsWith("HTTP/1.1 200")) {
                return false;
            }
            missing = "gRPC or TCP";
            return grpc().equals("hello") && tcp().equals("hello");
        } catch (IOException | RuntimeException notYet) {
            missing = notYet.toString();
            return false;
        }
    }

    /** What a pair that does not serve lacks, and what its proxies say. */
    private String fate(MeshProxies proxies) {
        StringBuilder told = new StringBuilder("lacks ").append(missing);
        for (MeshNode node : proxies.nodes()) {
            told.append("\n").append(node.name()).append(": ");
            try {
                told.append(proxies.log(node));
            } catch (IOException e) {
                told.append(e);
            }
            told.append("\n").append(proxies.admin(node, "/clusters"));
            told.append("\n").append(proxies.admin(node, "/listeners"));
        }
        return told.toString();
    }

    /** Sends "METHOD PATH name: value name: value"; the answer without what differs each time. */
    private String http(String request) throws IOException {
        String[] words = request.split(" ", 3);
        StringBuilder head = new StringBuilder(words[0] + " " + words[1] + " HTTP/1.1\r\n");
        head.append("host: web.test\r\nconnection: close\r\n");
        int body = 0;
        if (words.length > 2) {
            for (String header : words[2].split(" (?=[a-z-]+: )")) {
                head.append(header).append("\r\n");
                if (header.startsWith("content-length: ")) {
                    body = Integer.parseInt(header.substring(16));
                }
            }
        }
        try (Socket socket = connect(port("http"))) {
            socket.getOutputStream()
                    .write(
                            (head + "\r\n" + "x".repeat(body))
                                    .getBytes(StandardCharsets.ISO_8859_1));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return normal(answer);
        }
    }

    private String normal(String text) {
        String result = text;
        for (var each : placeholders.entrySet()) {
            result = result.replaceAll("\\b" + each.getValue() + "\\b", each.getKey());
        }
        return result.replaceAll("(?m)^date: .*$", "date: D")
                .replaceAll(
                        "x-envoy-upstream-service-time: \\d+", "x-envoy-upstream-service-time: T")
                .replaceAll("x-request-id: \\S+", "x-request-id: I")
                .replaceAll("content-length: 1?\\d{3}\\b", "content-length: N")
                .replaceAll("(x-b3-\\w+|traceparent|tracestate): \\S*", "$1: T");
    }

    private String webSocket() throws IOException {
        try (Socket socket = connect(port("http"))) {
            String head =
                    "GET /ws HTTP/1.1\r\nhost: web.test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n";
            socket.getOutputStream().write((head + "hello").getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            int next = socket.getInputStream().read();
            while (next >= 0) {
                answer.append((char) next);
                if (answer.toString().endsWith("hello")) {
                    break;
                }
                next = socket.getInputStream().read();
            }
            return normal(answer.toString());
        }
    }

    private String tcp() throws IOException {
        try (Socket socket = connect(port("tcp"))) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private String grpc() {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port("grpc"))
                        .overrideAuthority("web.test")
                        .usePlaintext()
                        .build();
        try {
            byte[] answer =
                    ClientCalls.blockingUnaryCall(
                            channel,
                            RawGrpc.ECHO,
                            CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(5)),
                            "hello".getBytes(StandardCharsets.ISO_8859_1));
            return new String(answer, StandardCharsets.ISO_8859_1);
        } finally {
            channel.shutdownNow();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
