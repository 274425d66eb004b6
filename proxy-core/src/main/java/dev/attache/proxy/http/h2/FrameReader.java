package dev.attache.proxy.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * From received bytes to frames: the preface, then one frame after the other through Netty's
 * reader, into {@link FrameInput}. Works in {@link TurnBudget turns}: what one leaves waits for the
 * next. Owned by one codec.
 */
final class FrameReader {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** As many CONTINUATION frames a header block as nghttp2 allows a server. */
    private static final int MAX_SMALL_CONTINUATIONS = 16;

    private final Http2Codec codec;
    private final FrameInput frames;
    private final DefaultHttp2FrameReader reader;
    private final TurnBudget budget;
    private final Runnable nextTurn = this::onNextTurn;
    private @Nullable ByteBuf held;

    /** What came while the rest of {@link #held} waits for its turn: not to be copied before. */
    private @Nullable ByteBuf behind;

    private int prefaceLeft;
    private boolean reading;
    private boolean waiting;
    private boolean holding;
    private boolean closed;

    /** Bytes of a block of fields that has not ended. */
    private int block;

    private int charged;
    private int tableOctets;

    FrameReader(Http2Codec codec, boolean expectPreface) {
        this.codec = codec;
        this.prefaceLeft = expectPreface ? PREFACE.length : 0;
        // A response costs less than a request.
        int requests = codec.options.maxRequestsPerTurn();
        this.budget =
                new TurnBudget(expectPreface ? requests : 2 * requests, codec.connection.worker());
        this.frames = new FrameInput(codec, budget);
        long decoderLimit =
                2L * codec.options.maxHeadersKb() * 1024 + 64L * codec.options.maxHeadersCount();
        HeaderBlockDecoder decoder =
                new HeaderBlockDecoder(
                        codec.block,
                        codec::kindOf,
                        codec.options.maxHeaderFieldKb() * 1024,
                        decoderLimit);
        try {
            decoder.maxHeaderTableSize(codec.options.hpackTableSize());
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("hpack_table_size out of range", e);
        }
        this.reader = new DefaultHttp2FrameReader(decoder, MAX_SMALL_CONTINUATIONS);
    }

    /** Takes ownership. */
    void read(ByteBuf data) {
        if (!waiting) {
            ByteBuf in = join(held, data);
            held = in;
            work(in);
        } else {
            behind = join(behind, data);
            if (!holding) {
                holding = true;
                codec.connection.input().hold();
            }
        }
        charge();
    }

    private ByteBuf join(@Nullable ByteBuf before, ByteBuf data) {
        return before == null
                ? data
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                        codec.connection.worker().allocator(), before, data);
    }

    /** What waits for the rest of a frame, of a block of fields, or for the next turn. */
    private void charge() {
        int now = capacity(held) + capacity(behind) + block;
        if (now != charged) {
            codec.connection.direct(now - charged);
            charged = now;
        }
    }

    private static int capacity(@Nullable ByteBuf of) {
        return of == null ? 0 : of.capacity();
    }

    /**
     * HPACK's table of the peer grows by what it sends, up to the size that we allow; an entry
     * takes about three times what HPACK counts for it.
     */
    private void chargeTable(int octets) {
        int grown = (int) Math.min(codec.options.hpackTableSize(), tableOctets + 2L * octets);
        if (grown > tableOctets) {
            codec.connection.heap(3 * (grown - tableOctets));
            tableOctets = grown;
        }
    }

    private void work(ByteBuf in) {
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

    /** The socket has no more at the moment. */
    void onReadComplete() {
        if (!waiting) {
            budget.renew();
            codec.writer().burstOver();
        }
    }

    private void waitForNextTurn() {
        // The socket is held when it has more: who sends in bursts and waits has not.
        waiting = true;
        codec.connection.inNextTurn(nextTurn);
    }

    private void onNextTurn() {
        waiting = false;
        budget.renew();
        ByteBuf in = held;
        if (in != null && !closed) {
            work(in);
            ByteBuf more = behind;
            if (more != null && !waiting) {
                behind = null;
                in = join(held, more);
                held = in;
                work(in);
            }
            charge();
            codec.afterRead();
        }
        if (holding && !waiting) {
            holding = false;
            codec.connection.input().release();
        }
    }

    private void frames(ByteBuf in) {
        if (prefaceLeft > 0 && !preface(in)) {
            return;
        }
        ChannelHandlerContext ctx = codec.connection.channel().pipeline().lastContext();
        while (!codec.dead && codec.connection.isOpen() && FrameHeader.isComplete(in)) {
            if (budget.isSpent()) {
                waitForNextTurn();
                return;
            }
            if (!admits(in)) {
                return;
            }
            try {
                readOne(ctx, in);
            } catch (Http2Exception.StreamException e) {
                streamError(e);
            } catch (Http2Exception e) {
                codec.connectionError(e.error(), Http2Details.PROTOCOL_ERROR, false);
            }
        }
    }

    /** The reader takes all frames that it can see: it is shown one. */
    private void readOne(ChannelHandlerContext ctx, ByteBuf in) throws Http2Exception {
        int end = in.writerIndex();
        in.writerIndex(FrameHeader.end(in));
        try {
            reader.readFrame(ctx, in, frames);
        } finally {
            in.writerIndex(end);
        }
    }

    /** What a frame's header says already; false where it ends the connection. */
    private boolean admits(ByteBuf in) {
        budget.spend(FrameHeader.type(in));
        switch (FrameHeader.type(in)) {
            case Http2FrameTypes.HEADERS, Http2FrameTypes.CONTINUATION -> {
                block = FrameHeader.endsHeaders(in) ? 0 : block + FrameHeader.length(in);
                chargeTable(FrameHeader.length(in));
                if (!codec.limits.payload(FrameHeader.unpadded(in), FrameHeader.endsStream(in))) {
                    codec.connectionError(
                            Http2Error.ENHANCE_YOUR_CALM, Http2Details.INBOUND_EMPTY_FLOOD, true);
                    return false;
                }
            }
            case Http2FrameTypes.SETTINGS -> {
                if (!InboundLimits.settings(FrameHeader.length(in))) {
                    codec.connectionError(
                            Http2Error.ENHANCE_YOUR_CALM, Http2Details.PROTOCOL_ERROR, false);
                    return false;
                }
            }
            default -> {}
        }
        return true;
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
        ByteBuf more = behind;
        if (more != null) {
            behind = null;
            more.release();
        }
        ByteBuf rest = held;
        if (!reading) {
            held = null;
            if (rest != null) {
                rest.release();
            }
            reader.close();
        }
    }
}
