package dev.attache.proxy.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A client of HTTP/2 in cleartext that writes its frames by hand and sees status, body and end. */
final class RawHttp2 implements AutoCloseable {

    static final int RESET = -1;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<Integer, Integer> status = new HashMap<>();
    private final Map<Integer, Boolean> ended = new HashMap<>();
    private final Map<Integer, String> shapes = new HashMap<>();

    RawHttp2(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5000);
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.write(stream >> 24);
        out.write(stream >> 16);
        out.write(stream >> 8);
        out.write(stream);
        out.writeBytes(payload);
    }

    /** The peer may send nothing on new streams. */
    void noWindow() {
        frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
    }

    void request(int stream, String path, boolean end) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        literal(block, 4, path);
        literal(block, 1, "a.example");
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.toByteArray());
    }

    void trailers(int stream) {
        byte[] block = {0, 1, 'x', 1, 'y'};
        frame(HEADERS, END_HEADERS | END_STREAM, stream, block);
    }

    private static void literal(ByteArrayOutputStream block, int name, String value) {
        block.write(name);
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    void data(int stream, String text, boolean end) {
        frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Sends what was said so far in one piece.
     *
     * @return the status of a stream's response once it has ended; {@link #RESET} if it was reset
     */
    int outcome(int stream) throws IOException {
        socket.getOutputStream().write(out.toByteArray());
        out.reset();
        while (!ended.getOrDefault(stream, false)) {
            read();
        }
        return status.get(stream);
    }

    /** What came of a response: heads and trailers as letters, bodies as they are, the end. */
    String shape(int stream) {
        return shapes.getOrDefault(stream, "");
    }

    private void note(int type, int flags, int stream, byte[] payload) {
        String part =
                switch (type) {
                    case HEADERS -> status.containsKey(stream) ? "T" : "H";
                    case DATA -> new String(payload, StandardCharsets.US_ASCII);
                    default -> "";
                };
        shapes.merge(stream, part + ((flags & END_STREAM) != 0 ? "." : ""), String::concat);
    }

    private void read() throws IOException {
        int head = in.readInt();
        int length = head >>> 8;
        int type = head & 0xff;
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("in a frame");
        }
        if (type == HEADERS || type == DATA) {
            note(type, flags, stream, payload);
        }
        switch (type) {
            case HEADERS -> status.putIfAbsent(stream, statusOf(payload));
            case RST_STREAM -> {
                if (!ended.getOrDefault(stream, false)) {
                    status.put(stream, RESET);
                    ended.put(stream, true);
                }
            }
            case GOAWAY -> throw new SocketException("GOAWAY");
            default -> {
                // Nothing that matters here.
            }
        }
        if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
            ended.put(stream, true);
        }
    }

    /** Of the static table; other codes are not asked for here. */
    private static int statusOf(byte[] block) {
        int at = 0;
        while ((block[at] & 0xe0) == 0x20) {
            at++; // table size update
        }
        return switch (block[at] & 0xff) {
            case 0x88 -> 200;
            case 0x8d -> 404;
            case 0x8e -> 500;
            default -> 0;
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
