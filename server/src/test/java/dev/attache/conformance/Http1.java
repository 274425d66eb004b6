package dev.attache.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading and writing HTTP/1 messages on blocking streams: lenient in, exact out. */
final class Http1 {
    private Http1() {}

    /** The head of a message: start line and fields. */
    record Head(String start, Headers headers) {}

    /** Reads up to the empty line, or null at a clean end of the stream. */
    static @Nullable Head readHead(InputStream in) throws IOException {
        String start = readLine(in);
        if (start == null) {
            return null;
        }
        return new Head(start, readFields(in));
    }

    private static Headers readFields(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = readLine(in);
            if (line == null) {
                throw new EOFException("connection ended inside the head");
            }
            if (line.isEmpty()) {
                return Headers.of(lines);
            }
            lines.add(line);
        }
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("connection ended inside the line: " + line);
            }
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(b);
        }
    }

    /** Reads the body that belongs to this head. How it ended stands in the message's note. */
    static Message readBody(InputStream in, Head head, boolean bodiless) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Headers trailers = new Headers();
        String note = "";
        try {
            if (bodiless) {
                note = "";
            } else if (head.headers().get("transfer-encoding").toLowerCase().contains("chunked")) {
                trailers = readChunks(in, body);
            } else if (head.headers().has("content-length")) {
                readExactly(in, body, Long.parseLong(head.headers().get("content-length")));
            } else if (head.start().startsWith("HTTP/")) {
                in.transferTo(body);
            }
        } catch (SocketTimeoutException e) {
            note = "body not finished in time";
        } catch (EOFException e) {
            note = "connection ended inside the body";
        } catch (IOException e) {
            note = "connection reset inside the body";
        }
        return new Message(head.start(), head.headers(), body.toByteArray(), trailers, note);
    }

    private static Headers readChunks(InputStream in, ByteArrayOutputStream body)
            throws IOException {
        while (true) {
            String line = readLine(in);
            if (line == null) {
                throw new EOFException("connection ended between chunks");
            }
            long size = Long.parseLong(line.split(";")[0].trim(), 16);
            if (size == 0) {
                return readFields(in);
            }
            readExactly(in, body, size);
            readLine(in);
        }
    }

    private static void readExactly(InputStream in, ByteArrayOutputStream body, long size)
            throws IOException {
        byte[] buffer = new byte[8192];
        long left = size;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("connection ended inside the body");
            }
            body.write(buffer, 0, n);
            left -= n;
        }
    }

    /** The bytes of a head. */
    static byte[] head(String start, Headers headers) {
        StringBuilder out = new StringBuilder(start).append("\r\n");
        headers.fields()
                .forEach(f -> out.append(f.name()).append(": ").append(f.value()).append("\r\n"));
        return Message.bytes(out.append("\r\n").toString());
    }

    static byte[] chunk(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Message.bytes(Integer.toHexString(data.length) + "\r\n"));
        out.writeBytes(data);
        out.writeBytes(Message.bytes("\r\n"));
        return out.toByteArray();
    }

    static byte[] lastChunk(Headers trailers) {
        return Message.bytes(
                "0\r\n" + new String(head("", trailers), StandardCharsets.ISO_8859_1).substring(2));
    }
}
