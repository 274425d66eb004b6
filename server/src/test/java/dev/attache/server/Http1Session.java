package dev.attache.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A kept HTTP/1 connection, one request after the other. */
final class Http1Session implements AutoCloseable {

    /**
     * @param close whether the server asks to leave
     */
    record Answer(int status, boolean close) {}

    private final Socket socket;
    private final InputStream in;

    Http1Session(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Fails where no whole answer comes. */
    Answer get(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        int status = Integer.parseInt(line().split(" ")[1]);
        int length = 0;
        boolean chunked = false;
        boolean close = false;
        for (String field = line(); !field.isEmpty(); field = line()) {
            String lower = field.toLowerCase(Locale.ROOT);
            length = lower.startsWith("content-length: ") ? number(lower, 10) : length;
            chunked |= lower.equals("transfer-encoding: chunked");
            close |= lower.equals("connection: close");
        }
        if (chunked) {
            for (int size = number(": " + line(), 16); size > 0; size = number(": " + line(), 16)) {
                read(size + 2);
            }
            read(2);
        } else {
            read(length);
        }
        return new Answer(status, close);
    }

    /** Waits for the end of the connection from the other side. */
    boolean closedByPeer() throws IOException {
        return in.read() == -1;
    }

    private static int number(String field, int radix) {
        return Integer.parseInt(field.substring(field.indexOf(": ") + 2), radix);
    }

    private void read(int bytes) throws IOException {
        if (in.readNBytes(bytes).length < bytes) {
            throw new EOFException("body cut");
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("connection ended after '" + line + "'");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
