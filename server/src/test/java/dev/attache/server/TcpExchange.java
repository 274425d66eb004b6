package dev.attache.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection over which a test says something and waits for what comes back. */
final class TcpExchange implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Socket socket;

    /**
     * @param port of the loopback
     */
    TcpExchange(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    /**
     * Writes a text, US-ASCII, and returns what comes until there are so many bytes or no more.
     *
     * @throws java.net.SocketTimeoutException where neither is so in time
     */
    String say(String text, int answer) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = socket.getInputStream().readNBytes(answer);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** The same over a connection of its own. */
    static String once(int port, String text, int answer) throws IOException {
        try (TcpExchange exchange = new TcpExchange(port)) {
            return exchange.say(text, answer);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
