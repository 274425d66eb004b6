package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes frames (RFC 9113 section 6) into the connection's open buffer. Says through {@link
 * #flooded()} when more of them wait than the limits allow. Owned by one codec.
 */
final class FrameWriter {

    static final int HEADER = 9;
    static final int MIN_MAX_FRAME = 16384;
    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;

    private final Connection connection;
    private final OutboundFrames frames;
    private final DefaultHttp2HeadersEncoder hpack =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true, 64, 64);
    private final HeaderView view = new HeaderView();
    private int maxFrame = MIN_MAX_FRAME;
    private boolean flooded;
    private boolean controlFlooded;

    FrameWriter(Connection connection, OutboundFrames frames) {
        this.connection = connection;
        this.frames = frames;
    }

    /** All that the peer has sent has been read. */
    void burstOver() {
        frames.burstOver();
    }

    boolean flooded() {
        return flooded;
    }

    boolean controlFlooded() {
        return controlFlooded;
    }

    int maxFrame() {
        return maxFrame;
    }

    void maxFrame(int size) {
        // Larger frames would only make streams wait for each other.
        maxFrame = Math.min(size, 4 * MIN_MAX_FRAME);
    }

    void headerTableSize(long peerMaximum, Http2Options options) throws Http2Exception {
        hpack.maxHeaderTableSize(Math.min(peerMaximum, options.hpackTableSize()));
    }

    void close() {
        hpack.close();
    }

    /** The first SETTINGS of either side; Envoy's order. */
    void settings(Http2Options options, boolean client) {
        ByteBuf out = connection.output(HEADER + 6 * (5 + options.customSettings().size()));
        int start = begin(out, Http2FrameTypes.SETTINGS, 0, 0);
        for (Map.Entry<Integer, Long> custom : options.customSettings().entrySet()) {
            setting(out, custom.getKey(), custom.getValue());
        }
        setting(out, 0x1, options.hpackTableSize());
        if (client) {
            setting(out, 0x2, 0);
        }
        if (!client) {
            setting(out, 0x8, options.allowConnect() ? 1 : 0);
        }
        setting(out, 0x3, options.maxConcurrentStreams());
        setting(out, 0x4, options.initialStreamWindowSize());
        end(out, start, OutboundFrames.Kind.OTHER);
    }

    private static void setting(ByteBuf out, int id, long value) {
        out.writeShort(id).writeInt((int) value);
    }

    void settingsAck() {
        ByteBuf out = connection.output(HEADER);
        end(out, begin(out, Http2FrameTypes.SETTINGS, ACK, 0), OutboundFrames.Kind.ANSWER);
    }

    void ping(boolean ack, long data) {
        ByteBuf out = connection.output(HEADER + 8);
        int start = begin(out, Http2FrameTypes.PING, ack ? ACK : 0, 0);
        out.writeLong(data);
        end(out, start, ack ? OutboundFrames.Kind.ANSWER : OutboundFrames.Kind.OTHER);
    }

    void goAway(int lastStream, long code, String debug) {
        byte[] text = debug.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = connection.output(HEADER + 8 + text.length);
        int start = begin(out, Http2FrameTypes.GO_AWAY, 0, 0);
        out.writeInt(lastStream).writeInt((int) code).writeBytes(text);
        end(out, start, OutboundFrames.Kind.OTHER);
    }

    void resetStream(int id, long code) {
        ByteBuf out = connection.output(HEADER + 4);
        int start = begin(out, Http2FrameTypes.RST_STREAM, 0, id);
        out.writeInt((int) code);
        end(out, start, OutboundFrames.Kind.RESET);
    }

    void windowUpdate(int id, int increment) {
        ByteBuf out = connection.output(HEADER + 4);
        int start = begin(out, Http2FrameTypes.WINDOW_UPDATE, 0, id);
        out.writeInt(increment);
        end(out, start, OutboundFrames.Kind.OTHER);
    }

    /** HEADERS, and CONTINUATION as needed; returns the bytes written. */
    int headers(int id, Headers headers, boolean endStream) {
        int room = headers.byteSize() + 12 * headers.size() + 64;
        ByteBuf out = connection.output(HEADER + room);
        int flags = endStream ? END_STREAM | END_HEADERS : END_HEADERS;
        int start = begin(out, Http2FrameTypes.HEADERS, flags, id);
        try {
            hpack.encodeHeaders(id, view.of(headers), out);
        } catch (Http2Exception e) {
            // Only a header list limit makes the encoder throw, and it is told to ignore that.
            throw new IllegalStateException(e);
        }
        int length = out.writerIndex() - start - HEADER;
        if (length <= maxFrame) {
            end(out, start, OutboundFrames.Kind.OTHER);
            return HEADER + length;
        }
        return split(out, start, length, id);
    }

    /** The block was too long for one frame: the rest of it moves into CONTINUATION frames. */
    private int split(ByteBuf out, int start, int length, int id) {
        ByteBuf rest = Unpooled.buffer(length - maxFrame);
        rest.writeBytes(out, start + HEADER + maxFrame, length - maxFrame);
        out.writerIndex(start + HEADER + maxFrame);
        out.setByte(start + 4, out.getByte(start + 4) & ~END_HEADERS);
        end(out, start, OutboundFrames.Kind.OTHER);
        int written = HEADER + maxFrame;
        while (rest.isReadable()) {
            int size = Math.min(maxFrame, rest.readableBytes());
            boolean last = size == rest.readableBytes();
            ByteBuf more = connection.output(HEADER + size);
            int at = begin(more, Http2FrameTypes.CONTINUATION, last ? END_HEADERS : 0, id);
            more.writeBytes(rest, size);
            end(more, at, OutboundFrames.Kind.OTHER);
            written += HEADER + size;
        }
        rest.release();
        return written;
    }

    /** DATA; takes ownership of {@code payload}. */
    void data(int id, ByteBuf payload, boolean endStream) {
        ByteBuf out = connection.output(HEADER);
        int length = payload.readableBytes();
        out.writeMedium(length);
        out.writeByte(Http2FrameTypes.DATA).writeByte(endStream ? END_STREAM : 0).writeInt(id);
        connection.write(payload);
        count(OutboundFrames.Kind.OTHER);
    }

    private static int begin(ByteBuf out, byte type, int flags, int id) {
        int start = out.writerIndex();
        out.writeMedium(0).writeByte(type).writeByte(flags).writeInt(id);
        return start;
    }

    private void end(ByteBuf out, int start, OutboundFrames.Kind kind) {
        out.setMedium(start, out.writerIndex() - start - HEADER);
        count(kind);
    }

    private void count(OutboundFrames.Kind kind) {
        if (!flooded) {
            OutboundFrames.Verdict verdict = frames.add(kind);
            flooded = verdict != OutboundFrames.Verdict.FITS;
            controlFlooded = verdict == OutboundFrames.Verdict.TOO_MANY_CONTROL;
        }
    }
}
