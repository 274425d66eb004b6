package dev.attache.mesh;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests of HTTP/1.1 to ports of the loopback. Any thread. */
final class AgentCalls {
    private static final int PATIENCE_MILLIS = 30_000;

    private AgentCalls() {}

    /** Status code, kind of content and body; what went wrong where there is no answer. */
    static String get(int port, String path) {
        return get(port, "localhost", path);
    }

    /** The same of a host. */
    static String get(int port, String host, String path) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                                    .formatted(path, host)
                                    .getBytes(StandardCharsets.ISO_8859_1));
            return answer(
                    new String(
                            socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return "failed: " + e;
        }
    }

    private static String answer(String text) {
        String[] parts = text.split("\r\n\r\n", 2);
        if (parts.length < 2 || parts[0].length() < 12) {
            return "failed: " + text;
        }
        String type =
                parts[0].lines()
                        .filter(line -> line.regionMatches(true, 0, "content-type:", 0, 13))
                        .map(line -> line.substring(13).strip())
                        .findFirst()
                        .orElse("-");
        return parts[0].substring(9, 12) + " " + type + " " + parts[1];
    }
}
