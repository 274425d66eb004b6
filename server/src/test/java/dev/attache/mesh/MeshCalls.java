package dev.attache.mesh;

import dev.attache.conformance.Http2Client;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * What a client of a mesh asks: each call is a line, which begins with its kind, an address and a
 * port, and returns what came back. Any thread.
 */
final class MeshCalls {
    private static final int PATIENCE_MILLIS = 10_000;

    private MeshCalls() {}

    /**
     * Makes one call.
     *
     * <pre>
     *   http ADDRESS PORT METHOD PATH [name: value …]   HTTP/1.1, of web.test if not of another
     *   h2 ADDRESS PORT METHOD PATH                     HTTP/2 without TLS
     *   grpc ADDRESS PORT METHOD                        a method of test.Echo
     *   websocket ADDRESS PORT
     *   tcp ADDRESS PORT
     *   page ADDRESS PORT PATH                          the body of a page
     *   dns ADDRESS PORT NAME TYPE udp|tcp              an answer as {@link NameQuestions} says it
     * </pre>
     *
     * @return what came back; {@code failed: …} where nothing did
     */
    static String call(String line) {
        String[] words = line.split(" ", 4);
        int port = Integer.parseInt(words[2]);
        try {
            return switch (words[0]) {
                case "grpc" -> grpc(words[1], port, words[3]);
                case "http" -> http(words[1], port, words[3]);
                case "page" -> {
                    String answer = http(words[1], port, "GET " + words[3]);
                    yield answer.substring(Math.max(0, answer.indexOf("\r\n\r\n")));
                }
                case "h2" -> h2(words[1], port, words[3].split(" "));
                case "websocket" -> webSocket(words[1], port);
                case "tcp" -> tcp(words[1], port);
                case "dns" -> {
                    String[] question = words[3].split(" ");
                    yield new NameQuestions(words[1], port)
                            .ask(question[0], question[1], 0, question[2].equals("tcp"));
                }
                default -> throw new IllegalArgumentException(line);
            };
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    private static String http(String address, int port, String request) throws IOException {
        String[] words = request.split(" ", 3);
        StringBuilder head = new StringBuilder(words[0] + " " + words[1] + " HTTP/1.1\r\n");
        boolean named = words.length > 2 && words[2].startsWith("host: ");
        head.append(named ? "" : "host: web.test\r\n").append("connection: close\r\n");
        int body = 0;
        if (words.length > 2) {
            for (String header : words[2].split(" (?=[a-z-]+: )")) {
                head.append(header).append("\r\n");
                if (header.startsWith("content-length: ")) {
                    body = Integer.parseInt(header.substring(16));
                }
            }
        }
        try (Socket socket = connect(address, port)) {
            send(socket, head + "\r\n" + "x".repeat(body));
            return text(socket.getInputStream().readAllBytes());
        }
    }

    private static String h2(String address, int port, String[] request) throws IOException {
        try (Socket socket = connect(address, port)) {
            return new Http2Client(socket)
                    .exchange(
                            Map.of(
                                    "method",
                                    request[0],
                                    "path",
                                    request[1],
                                    "authority",
                                    "web.test"));
        }
    }

    private static String webSocket(String address, int port) throws IOException {
        try (Socket socket = connect(address, port)) {
            send(
                    socket,
                    "GET /ws HTTP/1.1\r\nhost: web.test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\nhello");
            StringBuilder answer = new StringBuilder();
            int next = socket.getInputStream().read();
            while (next >= 0) {
                answer.append((char) next);
                if (answer.toString().endsWith("hello")) {
                    break;
                }
                next = socket.getInputStream().read();
            }
            return answer.toString();
        }
    }

    private static String tcp(String address, int port) throws IOException {
        try (Socket socket = connect(address, port)) {
            send(socket, "hello");
            socket.shutdownOutput();
            return text(socket.getInputStream().readAllBytes());
        }
    }

    private static String grpc(String address, int port, String method) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(address, port)
                        .overrideAuthority("web.test")
                        .usePlaintext()
                        .build();
        try {
            byte[] answer =
                    ClientCalls.blockingUnaryCall(
                            channel,
                            RawGrpc.echo(method),
                            CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(5)),
                            "hello".getBytes(StandardCharsets.ISO_8859_1));
            return text(answer);
        } catch (StatusRuntimeException refused) {
            return refused.getStatus().getCode() + ": " + refused.getStatus().getDescription();
        } finally {
            channel.shutdownNow();
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Socket connect(String address, int port) throws IOException {
        Socket socket = new Socket(address, port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }
}
