package dev.attache.proxy.http.h2;

import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * What each frame means for the connection. Checks what concerns no stream: order of SETTINGS,
 * floods. Owned by one {@link FrameReader}.
 */
final class FrameInput implements Http2FrameListener {

    private final Http2Codec codec;
    private final TurnBudget budget;
    private boolean settingsSeen;
    private boolean settingsAcked;

    FrameInput(Http2Codec codec, TurnBudget budget) {
        this.codec = codec;
        this.budget = budget;
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
        if (accept()) {
            codec.onHeaders(id, end);
            if (codec.block.isMalformed()) {
                // Also where nobody wanted to know what it says.
                codec.connectionError(
                        Http2Error.COMPRESSION_ERROR, Http2Details.PROTOCOL_ERROR, false);
            }
        }
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
        if (!codec.limits.priority(codec.streams.size())) {
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
                return;
            }
        } else {
            reset(stream, code);
        }
        if (!codec.dead) {
            codec.onResetRead();
        }
    }

    private void reset(Http2Stream stream, long code) {
        stream.bytesReceived += FrameWriter.HEADER + Integer.BYTES;
        codec.stats.increment(Counter.HTTP2_RX_RESET);
        ResetReason why;
        if (code == Http2Error.REFUSED_STREAM.code()) {
            stream.details = Http2Details.REMOTE_REFUSE;
            why = ResetReason.REMOTE_REFUSED_STREAM_RESET;
        } else {
            stream.details = Http2Details.REMOTE_RESET;
            why =
                    codec instanceof Http2ClientCodec && isAfterAll(stream, code)
                            ? ResetReason.REMOTE_RESET_NO_ERROR
                            : reasonOf(code);
        }
        codec.tellReset(stream, why);
    }

    /** RFC 9113 section 8.1: the response is complete, the rest of the request is not wanted. */
    private static boolean isAfterAll(Http2Stream stream, long code) {
        return code == Http2Error.NO_ERROR.code() && stream.remoteEnd;
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
        if (!accept()) {
            return;
        }
        if (settingsAcked) {
            // We send SETTINGS once.
            codec.connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
        }
        settingsAcked = true;
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
        budget.spendOn(codec.streams.size());
        boolean waits = false;
        for (Http2Stream stream : codec.streams.values()) {
            long grown = (long) stream.sendWindow + difference;
            if (grown > Integer.MAX_VALUE) {
                codec.connectionError(
                        Http2Error.FLOW_CONTROL_ERROR, Http2Details.PROTOCOL_ERROR, false);
                return false;
            }
            stream.sendWindow = (int) grown;
            waits |= stream.wantsToSend();
        }
        if (waits) {
            for (Http2Stream stream : codec.streams.values().toArray(new Http2Stream[0])) {
                codec.sender().schedule(stream);
            }
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
        if (!codec.limits.windowUpdate(codec.streams.size())) {
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
            // The stream as the RFC wants it, and as in Envoy the connection with it: resets made
            // to order are an attack.
            codec.sendReset(stream, Http2Error.FLOW_CONTROL_ERROR.code());
            codec.connectionError(
                    Http2Error.FLOW_CONTROL_ERROR, Http2Details.PROTOCOL_ERROR, false);
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
