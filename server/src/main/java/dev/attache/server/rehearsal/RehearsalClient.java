package dev.attache.server.rehearsal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One connection, one request at a time, answers with a length or in chunks. Plain sockets: a
 * client's classes are not what the cache is for.
 */
final class RehearsalClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    RehearsalClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a GET and returns the body of its answer, which must be a 200. */
    String get(String path) throws IOException {
        String status = send(path);
        String body = body();
        if (!status.contains(" 200 ")) {
            throw new IOException(path + ": " + status);
        }
        return body;
    }

    /** Sends a GET and returns the status line of its answer. */
    String status(String path) throws IOException {
        String status = send(path);
        body();
        return status;
    }

    /** Sends a POST to a server that may be gone before it has answered. */
    void post(String path) throws IOException {
        write("POST", path);
    }

    private String send(String path) throws IOException {
        write("GET", path);
        return line();
    }

    private void write(String method, String path) throws IOException {
        socket.getOutputStream()
                .write(
                        (method + " " + path + " HTTP/1.1\r\nHost: rehearsal\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
    }

    private String body() throws IOException {
        long length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.startsWith("content-length: ")) {
                length = Long.parseLong(header.substring("content-length: ".length()));
            }
        }
        return length >= 0 ? text(length) : chunks();
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            body.append(text(size));
            line();
        }
        line();
        return body.toString();
    }

    private String text(long length) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(length));
        if (bytes.length < length) {
            throw new IOException("the connection closed early");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private long chunkSize() throws IOException {
        return Long.parseLong(line(), 16);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection closed early");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
