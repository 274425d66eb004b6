package dev.attache.conformance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * HTTP/2 framing on a blocking socket, with nothing hidden: a caller sees every frame. One thread
 * reads; any thread may write.
 */
final class Http2 implements Closeable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int MAX_FRAME = 16_384;
    private static final byte[] PREFACE = Message.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    /** One frame; a HEADERS frame carries its continuations. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean endsStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        int errorCode() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder =
            new DefaultHttp2HeadersDecoder(false, 1 << 20);

    Http2(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    int localPort() {
        return socket.getLocalPort();
    }

    /** Sends the client's preface and first settings. */
    void openAsClient(Map<Integer, Integer> settings) throws IOException {
        write(PREFACE);
        openAsServer(settings);
    }

    /** Sends settings and opens the connection window to 16 MiB. */
    void openAsServer(Map<Integer, Integer> settings) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(6 * settings.size());
        settings.forEach((id, value) -> payload.putShort(id.shortValue()).putInt(value));
        frame(SETTINGS, 0, 0, payload.array());
        frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(1 << 24).array());
    }

    /** Reads the client's preface; false when the peer closed or speaks something else. */
    boolean readPreface() throws IOException {
        return java.util.Arrays.equals(in.readNBytes(PREFACE.length), PREFACE);
    }

    /**
     * The next frame. Settings and pings are answered here, but returned as well.
     *
     * @throws EOFException when the peer closed the connection
     */
    Frame read() throws IOException {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & 0x7fffffff;
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("connection ended inside a frame");
        }
        if (type == SETTINGS && (flags & 1) == 0) {
            frame(SETTINGS, 1, 0, new byte[0]);
        } else if (type == PING && (flags & 1) == 0) {
            frame(PING, 1, 0, payload);
        } else if (type == DATA && length > 0) {
            byte[] credit = ByteBuffer.allocate(4).putInt(length).array();
            frame(WINDOW_UPDATE, 0, 0, credit);
            if ((flags & END_STREAM) == 0) {
                frame(WINDOW_UPDATE, 0, stream, credit);
            }
        }
        Frame frame = new Frame(type, flags, stream, payload);
        return type == HEADERS ? joined(frame) : frame;
    }

    private Frame joined(Frame first) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        byte[] payload = first.payload();
        int from = 0;
        int padding = 0;
        if ((first.flags() & 8) != 0) {
            padding = payload[0] & 0xff;
            from = 1;
        }
        if ((first.flags() & 0x20) != 0) {
            from += 5;
        }
        block.write(payload, from, payload.length - from - padding);
        int flags = first.flags();
        while ((flags & END_HEADERS) == 0) {
            Frame more = read();
            block.writeBytes(more.payload());
            flags |= more.flags() & END_HEADERS;
        }
        return new Frame(HEADERS, flags, first.stream(), block.toByteArray());
    }

    Headers decode(Frame headers) throws IOException {
        ByteBuf block = Unpooled.wrappedBuffer(headers.payload());
        try {
            Headers decoded = new Headers();
            Http2Headers fields = decoder.decodeHeaders(headers.stream(), block);
            fields.forEach(e -> decoded.add(e.getKey().toString(), e.getValue().toString()));
            return decoded;
        } catch (Http2Exception e) {
            throw new IOException("cannot decode header block", e);
        } finally {
            block.release();
        }
    }

    synchronized void headers(int stream, Headers headers, boolean end) throws IOException {
        Http2Headers fields = new DefaultHttp2Headers(false);
        headers.fields().forEach(f -> fields.add(f.name(), f.value()));
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, fields, block);
            writeBlock(stream, ByteBufUtil.getBytes(block), end);
        } catch (Http2Exception e) {
            throw new IOException("cannot encode header block", e);
        } finally {
            block.release();
        }
    }

    private void writeBlock(int stream, byte[] block, boolean end) throws IOException {
        int type = HEADERS;
        int from = 0;
        do {
            int n = Math.min(MAX_FRAME, block.length - from);
            boolean last = from + n == block.length;
            int flags = (last ? END_HEADERS : 0) | (type == HEADERS && end ? END_STREAM : 0);
            frame(type, flags, stream, java.util.Arrays.copyOfRange(block, from, from + n));
            from += n;
            type = CONTINUATION;
        } while (from < block.length);
    }

    void data(int stream, byte[] bytes, boolean end) throws IOException {
        int from = 0;
        do {
            int n = Math.min(MAX_FRAME, bytes.length - from);
            boolean last = from + n == bytes.length;
            byte[] part = java.util.Arrays.copyOfRange(bytes, from, from + n);
            frame(DATA, last && end ? END_STREAM : 0, stream, part);
            from += n;
        } while (from < bytes.length);
    }

    void reset(int stream, int code) throws IOException {
        frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    synchronized void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(9 + payload.length);
        buffer.put((byte) (payload.length >>> 16)).putShort((short) payload.length);
        buffer.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        write(buffer.array());
    }

    private synchronized void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
