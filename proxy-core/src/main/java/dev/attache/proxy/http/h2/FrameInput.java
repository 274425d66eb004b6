package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * From received bytes to frames, by Netty's reader, and from frames to what they mean for the
 * connection. Checks what concerns no stream: preface, order of SETTINGS, floods.
 */
final class FrameInput implements Http2FrameListener {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** As many CONTINUATION frames a header block as nghttp2 allows a server. */
    private static final int MAX_SMALL_CONTINUATIONS = 16;

    private final Http2Codec codec;
    private final DefaultHttp2FrameReader reader;
    private @Nullable ByteBuf held;
    private int prefaceLeft;
    private boolean settingsSeen;
    private boolean reading;
    private boolean closed;

    FrameInput(Http2Codec codec, boolean expectPreface) {
        this.codec = codec;
        this.prefaceLeft = expectPreface ? PREFACE.length : 0;
        long decoderLimit =
                2L * codec.options.maxHeadersKb() * 1024 + 64L * codec.options.maxHeadersCount();
        HeaderBlockDecoder decoder =
                new HeaderBlockDecoder(codec.block, codec::kindOf, decoderLimit);
        try {
            decoder.maxHeaderTableSize(codec.options.hpackTableSize());
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("hpack_table_size out of range", e);
        }
        this.reader = new DefaultHttp2FrameReader(decoder, MAX_SMALL_CONTINUATIONS);
    }

    /** Takes ownership. */
    void read(ByteBuf data) {
        Connection connection = codec.connection;
        ByteBuf before = held;
        ByteBuf in =
                before == null
                        ? data
                        : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                                connection.worker().allocator(), before, data);
        held = in;
        reading = true;
        try {
            frames(in);
        } finally {
            reading = false;
        }
        if (codec.dead || !in.isReadable()) {
            held = null;
            in.release();
        }
        if (closed) {
            reader.close();
        }
    }

    private void frames(ByteBuf in) {
        if (prefaceLeft > 0 && !preface(in)) {
            return;
        }
        ChannelHandlerContext ctx = codec.connection.channel().pipeline().lastContext();
        while (in.isReadable() && !codec.dead) {
            int before = in.readerIndex();
            try {
                reader.readFrame(ctx, in, this);
            } catch (Http2Exception.StreamException e) {
                streamError(e);
            } catch (Http2Exception e) {
                codec.connectionError(e.error(), Http2Details.PROTOCOL_ERROR, false);
            }
            if (in.readerIndex() == before) {
                return;
            }
        }
    }

    private boolean preface(ByteBuf in) {
        while (prefaceLeft > 0 && in.isReadable()) {
            if (in.readByte() != PREFACE[PREFACE.length - prefaceLeft]) {
                codec.connectionError(
                        Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
                return false;
            }
            prefaceLeft--;
        }
        return prefaceLeft == 0;
    }

    /**
     * A malformed frame costs the connection even where the RFC allows to reset one stream: no
     * decent peer sends one, and resets made to order are an attack (CVE-2025-8671, MadeYouReset).
     */
    private void streamError(Http2Exception.StreamException e) {
        if (!codec.wasResetHere(e.streamId())) {
            codec.connectionError(e.error(), Http2Details.PROTOCOL_ERROR, false);
        }
    }

    void close() {
        closed = true;
        ByteBuf rest = held;
        if (!reading) {
            held = null;
            if (rest != null) {
                rest.release();
            }
            reader.close();
        }
    }

    /** True where the frame is to be looked at. */
    private boolean accept() {
        if (codec.dead) {
            return false;
        }
        codec.keepalive.onFrame();
        if (!settingsSeen) {
            codec.connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            return false;
        }
        return true;
    }

    private void flood(String details) {
        codec.connectionError(Http2Error.ENHANCE_YOUR_CALM, details, true);
    }

    @Override
    public int onDataRead(
            ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
        int octets = data.readableBytes() + padding;
        if (!accept()) {
            return octets;
        }
        if (!codec.limits.payload(data.readableBytes(), end)) {
            flood(Http2Details.INBOUND_EMPTY_FLOOD);
            return octets;
        }
        codec.onData(id, data, octets, end);
        return octets;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
        if (!accept()) {
            return;
        }
        if (!codec.limits.payload(headers.size(), end)) {
            flood(Http2Details.INBOUND_EMPTY_FLOOD);
            return;
        }
        codec.onHeaders(id, end);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end) {
        if (dependency == id && !codec.dead) {
            codec.connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            return;
        }
        onHeadersRead(ctx, id, headers, padding, end);
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive) {
        if (!accept()) {
            return;
        }
        if (!codec.limits.priority()) {
            flood(Http2Details.PRIORITY_FLOOD);
        } else if (dependency == id) {
            codec.connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
        if (!accept()) {
            return;
        }
        Http2Stream stream = codec.streams.get(id);
        if (stream == null) {
            if (codec.isIdle(id)) {
                codec.connectionError(
                        Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            }
            return;
        }
        stream.bytesReceived += FrameWriter.HEADER + Integer.BYTES;
        codec.stats.increment(Counter.HTTP2_RX_RESET);
        ResetReason why;
        if (code == Http2Error.REFUSED_STREAM.code()) {
            stream.details = Http2Details.REMOTE_REFUSE;
            why = ResetReason.REMOTE_REFUSED_STREAM_RESET;
        } else {
            stream.details = Http2Details.REMOTE_RESET;
            why = reasonOf(code);
        }
        codec.tellReset(stream, why);
    }

    /** A peer that finds fault with our frames counts as if we had found it. */
    private static ResetReason reasonOf(long code) {
        if (code == Http2Error.CONNECT_ERROR.code()) {
            return ResetReason.CONNECT_ERROR;
        }
        return code == Http2Error.PROTOCOL_ERROR.code()
                ? ResetReason.PROTOCOL_ERROR
                : ResetReason.REMOTE_RESET;
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        if (accept()) {
            settingsSeen = true;
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
            throws Http2Exception {
        if (codec.dead) {
            return;
        }
        settingsSeen = true;
        codec.keepalive.onFrame();
        // Ahead of what larger windows let go, so that the peer reads that with its new settings.
        codec.writer().settingsAck();
        Integer maxFrame = settings.maxFrameSize();
        if (maxFrame != null) {
            codec.writer().maxFrame(maxFrame);
        }
        Long table = settings.headerTableSize();
        if (table != null) {
            codec.writer().headerTableSize(table, codec.options);
        }
        Integer window = settings.initialWindowSize();
        if (window != null && !initialWindow(window)) {
            return;
        }
        codec.onRemoteSettings(settings);
        codec.sender().run();
        codec.afterWrite();
    }

    /** RFC 9113 section 6.9.2: the difference applies to every stream, and may make it negative. */
    private boolean initialWindow(int window) {
        int difference = window - codec.peerInitialWindow;
        codec.peerInitialWindow = window;
        for (Http2Stream stream : codec.streams.values().toArray(new Http2Stream[0])) {
            long grown = (long) stream.sendWindow + difference;
            if (grown > Integer.MAX_VALUE) {
                codec.connectionError(
                        Http2Error.FLOW_CONTROL_ERROR, Http2Details.PROTOCOL_ERROR, false);
                return false;
            }
            stream.sendWindow = (int) grown;
            codec.sender().schedule(stream);
        }
        return true;
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) {
        if (accept()) {
            codec.writer().ping(true, data);
            codec.afterWrite();
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        if (accept()) {
            codec.keepalive.onAck();
        }
    }

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int padding) {
        // We never allow push: RFC 9113 section 8.4.
        codec.connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int last, long code, ByteBuf debug) {
        if (accept()) {
            codec.onGoAway(last, code);
        }
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) {
        if (!accept()) {
            return;
        }
        if (!codec.limits.windowUpdate()) {
            flood(Http2Details.WINDOW_UPDATE_FLOOD);
            return;
        }
        if (id == Http2CodecUtil.CONNECTION_STREAM_ID) {
            if (codec.sender().grow(increment)) {
                codec.sender().run();
                codec.afterWrite();
            } else {
                codec.connectionError(
                        Http2Error.FLOW_CONTROL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            }
            return;
        }
        Http2Stream stream = codec.streams.get(id);
        if (stream == null) {
            if (codec.isIdle(id)) {
                codec.connectionError(
                        Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            }
        } else if ((long) stream.sendWindow + increment > Integer.MAX_VALUE) {
            codec.failStream(stream, Http2Error.FLOW_CONTROL_ERROR, ResetReason.PROTOCOL_ERROR);
        } else {
            stream.sendWindow += increment;
            codec.sender().schedule(stream);
            codec.afterWrite();
        }
    }

    @Override
    public void onUnknownFrame(
            ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload) {
        // RFC 9113 section 5.5: unknown types are ignored, but the first frame must be SETTINGS.
        accept();
    }
}
