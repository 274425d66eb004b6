package dev.attache.agent.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An answer: its head, and a body that is read from the connection. Closing it ends both. */
public final class HttpReply implements AutoCloseable {

    private static final int MAX_HEAD = 1 << 20;

    private final Socket socket;
    private final int status;
    private final HttpFields fields;
    private final InputStream body;

    private HttpReply(Socket socket, int status, HttpFields fields, InputStream body) {
        this.socket = socket;
        this.status = status;
        this.fields = fields;
        this.body = body;
    }

    static HttpReply read(Socket socket, Deadline deadline, boolean toHead) throws IOException {
        InputStream in =
                new BufferedInputStream(
                        new TimedInput(socket, socket.getInputStream(), deadline), 8192);
        int[] left = {MAX_HEAD};
        while (true) {
            int status = status(line(in, left));
            HttpFields fields = fields(in, left);
            if (status >= 200) {
                return new HttpReply(socket, status, fields, body(in, status, fields, toHead));
            }
        }
    }

    private static int status(String line) throws IOException {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
            throw new IOException("malformed HTTP response \"" + line + "\"");
        }
        try {
            return Integer.parseInt(parts[1]);
        } catch (NumberFormatException e) {
            throw new IOException("malformed HTTP status code \"" + parts[1] + "\"", e);
        }
    }

    private static HttpFields fields(InputStream in, int[] left) throws IOException {
        HttpFields fields = new HttpFields();
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("malformed header line \"" + line + "\"");
            }
            fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return fields;
    }

    private static InputStream body(InputStream in, int status, HttpFields fields, boolean toHead)
            throws IOException {
        if (toHead || status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (fields.lists("Transfer-Encoding", "chunked")) {
            return new ChunkedInput(in);
        }
        String length = fields.get("Content-Length");
        if (length == null) {
            return in;
        }
        try {
            return new SizedInput(in, Long.parseLong(length.strip()));
        } catch (NumberFormatException e) {
            throw new IOException("bad Content-Length \"" + length + "\"", e);
        }
    }

    static String line(InputStream in, int[] left) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("EOF");
            }
            if (--left[0] < 0) {
                throw new IOException("the head of the answer is too long");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    public int status() {
        return status;
    }

    public HttpFields fields() {
        return fields;
    }

    public InputStream body() {
        return body;
    }

    /** The whole body as UTF-8. */
    public String text() throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
