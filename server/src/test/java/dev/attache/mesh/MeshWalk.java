package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;

/** What a client asks of a server through both their proxies, and what the proxies log of it. */
final class MeshWalk {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final List<String> REQUESTS =
            List.of(
                    "GET /",
                    "GET /beta x-user: tester x-drop: 1",
                    "GET /beta",
                    "GET /fault",
                    "GET /slow",
                    "GET /old",
                    "GET /direct",
                    "GET /api/v7/thing",
                    "GET /secret/x",
                    "GET /broken",
                    "GET /jwt authorization: Bearer e30.e30.e30",
                    "POST /upload content-length: 100000");

    /** The line of what is asked last, which is five bytes to and fro. */
    private static final String LAST = "LOG 0 - - - 5 5 ";

    /** The mesh's log format for it. */
    static final String LOG =
            "LOG %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%"
                    + " %BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER% %ROUTE_NAME% %REQUESTED_SERVER_NAME%"
                    + " %DOWNSTREAM_PEER_URI_SAN% %DOWNSTREAM_LOCAL_URI_SAN% %PROTOCOL% %REQ(:METHOD)% %REQ(:PATH)%"
                    + " %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"
                    + " %UPSTREAM_HOST% %UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%\n";

    /** An istiod without the filters that Envoy does not have. */
    static final Map<String, String> WITHOUT_FILTERS =
            Map.of("PILOT_ENABLE_METADATA_EXCHANGE", "false", "PILOT_ENABLE_ALPN_FILTER", "false");

    private final UnaryOperator<String> client;
    private final Map<String, String> places;
    private final UnaryOperator<String> normal;

    /**
     * @param client makes a call of {@link MeshCalls}
     * @param places address and port of {@code http}, {@code grpc} and {@code tcp}
     * @param normal takes out of a text what differs each time, besides times and identifiers
     */
    MeshWalk(
            UnaryOperator<String> client,
            Map<String, String> places,
            UnaryOperator<String> normal) {
        this.client = client;
        this.places = places;
        this.normal = normal;
    }

    /** What does not serve yet; empty where everything does. */
    String lacking() {
        String answer = client.apply("http " + places.get("http") + " GET /settle");
        if (!answer.startsWith("HTTP/1.1 200")) {
            return answer;
        }
        String grpc = client.apply("grpc " + places.get("grpc") + " Say");
        if (!grpc.equals("hello")) {
            return grpc;
        }
        String tcp = client.apply("tcp " + places.get("tcp"));
        return tcp.equals("hello") ? "" : "TCP: " + tcp;
    }

    /**
     * What is answered to each.
     *
     * @param more calls besides those of every walk, before its last
     */
    List<String> answers(List<String> more) {
        List<String> seen = new ArrayList<>();
        for (String request : REQUESTS) {
            seen.add(
                    request
                            + " -> "
                            + normal(client.apply("http " + places.get("http") + " " + request)));
        }
        List<String> others =
                new ArrayList<>(
                        List.of(
                                "h2 " + places.get("http") + " GET /h2",
                                "h2 " + places.get("http") + " GET /secret/h2",
                                "websocket " + places.get("http"),
                                "grpc " + places.get("grpc") + " Say",
                                "grpc " + places.get("grpc") + " Missing",
                                "grpc " + places.get("grpc") + " Denied"));
        others.addAll(more);
        others.add("tcp " + places.get("tcp"));
        for (String each : others) {
            seen.add(normal(each) + " -> " + normal(client.apply(each)));
        }
        return seen;
    }

    /** The lines that a proxy has logged, when the last of them, that of TCP, is there. */
    List<String> logged(MeshNode node, Path log) throws IOException, InterruptedException {
        if (!PeerProcess.eventually(PATIENCE, () -> tail(log).startsWith(LAST))) {
            throw new IOException(node.name() + " has not logged the last call: " + tail(log));
        }
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("LOG ") && !line.contains("/settle"))
                .map(line -> node.name() + " " + normal(line))
                .distinct()
                .sorted()
                .toList();
    }

    private static String tail(Path log) {
        try {
            return Files.readAllLines(log).getLast();
        } catch (IOException | NoSuchElementException notYet) {
            return "";
        }
    }

    /** Gives istiod the objects of a walk; false where it does not know the server. */
    static boolean tell(Istiod istiod, MeshObjects objects, String services, String address)
            throws IOException, InterruptedException {
        List<Map<String, Object>> all = new ArrayList<>(objects.read("traffic"));
        all.addAll(objects.read(services));
        istiod.apply(all);
        return PeerProcess.eventually(PATIENCE, () -> istiod.debug("endpointz").contains(address));
    }

    private String normal(String text) {
        return normal.apply(text)
                .replaceAll("(?m)^date: .*$", "date: D")
                .replaceAll(
                        "x-envoy-upstream-service-time: (\\d+|<ms>)",
                        "x-envoy-upstream-service-time: T")
                .replaceAll("x-request-id: \\S+", "x-request-id: I")
                .replaceAll("content-length: 1?\\d{3}\\b", "content-length: N")
                .replaceAll("(x-b3-\\w+|traceparent|tracestate): \\S*", "$1: T");
    }
}
