package dev.attache.proxy.engine;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends fixed bytes on a connection of their own and reads to the end. */
final class RawClient {
    private static final int PATIENCE_MILLIS = 20_000;

    private RawClient() {}

    /** A request that asks for nothing special and for the end of the connection. */
    static String get(int port) throws IOException {
        return exchange(port, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    }

    /** All that comes back, octets as characters. */
    static String exchange(int port, String octets) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
