package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpConnection;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.memory.MemoryHolder;
import dev.attache.proxy.memory.PieceQueue;
import dev.attache.proxy.overload.ScaledTimeout;
import dev.attache.proxy.worker.ScaledTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its send queue and its two windows. What cannot be sent for want of window, or
 * because the socket is behind, waits here; the listener is told at 128 KiB and again at half of
 * it. Received bytes count as consumed unless the input valve is held, and only then is window
 * given back.
 *
 * <p>Longer than files here should be: the states of both directions, their queue and their windows
 * decide together.
 */
final class Http2Stream implements HttpStream, Valve, MemoryHolder {

    private static final int HIGH_WATERMARK = 128 * 1024;

    private final Http2Codec codec;

    /** 0 until a client stream's head is sent. */
    int id;

    @Nullable HttpSink sink;
    private final PieceQueue queue = new PieceQueue();
    private MemoryAccount account;
    private boolean ownAccount;
    private int headCharged;
    private boolean endQueued;
    private @Nullable Headers trailersQueued;
    private boolean headSent;

    /** END_STREAM has been written. */
    boolean localEnd;

    /** END_STREAM has been received. */
    boolean remoteEnd;

    boolean headReceived;
    boolean closed;

    /** Reset once what is queued has gone; for a local reset after the end of the message. */
    private boolean resetAfterEnd;

    private long flushTimeoutMillis;

    /** Runs while the end of the message waits for the peer. */
    private @Nullable ScaledTimer flushTimer;

    /** In the sender's ring. */
    boolean scheduled;

    int sendWindow;
    int receiveWindow;
    private int unconsumed;
    private int consumed;
    private int holds;
    private boolean above;
    private @Nullable WatermarkListener watermarks;
    @Nullable String details;

    /** Protocol of an upgrade that travels as extended CONNECT. */
    @Nullable String upgrade;

    boolean connect;
    boolean toHead;

    /** Body octets still to come, -1 where not announced. */
    long bodyLeft = -1;

    long bytesReceived;
    long headBytesReceived;
    long bytesSent;

    /** Without frame headers, which Envoy counts when it reads and not when it writes. */
    long headBytesSent;

    Http2Stream(Http2Codec codec) {
        this.codec = codec;
        this.account = codec.connection.worker().memory().shared();
    }

    // ---- what it holds ----------------------------------------------------------------------

    /** A peer has opened it: it has an account of its own. */
    void openAccount(Headers head) {
        account = codec.connection.worker().memory().open(this);
        ownAccount = true;
        headCharged = head.footprint();
        account.heap(headCharged);
    }

    @Override
    public MemoryAccount account() {
        return account;
    }

    @Override
    public void chargeTo(MemoryAccount payer) {
        queue.chargeTo(payer);
        account = payer;
    }

    @Override
    public void shed() {
        codec.shed(this);
    }

    @Override
    public boolean isStream() {
        return true;
    }

    // ---- out --------------------------------------------------------------------------------

    @Override
    public void informational(Headers headers) {
        if (closed || headSent) {
            return;
        }
        int written = codec.writer().headers(id, headers, false);
        headBytesSent += written - FrameWriter.HEADER;
        bytesSent += written;
        codec.afterWrite();
    }

    @Override
    public void headers(Headers headers, boolean end) {
        if (closed || headSent) {
            return;
        }
        headSent = true;
        Headers outgoing = codec.beforeHead(this, headers);
        if (closed) {
            return;
        }
        int written = codec.writer().headers(id, outgoing, end);
        headBytesSent += written - FrameWriter.HEADER;
        bytesSent += written;
        if (end) {
            localEnd = true;
            codec.onLocalEnd(this);
        }
        codec.afterWrite();
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        if (closed || !headSent || endQueued || localEnd) {
            chunk.release();
            return;
        }
        queue.add(chunk);
        endQueued = end;
        codec.sender().schedule(this);
        if (end) {
            armFlushTimer();
        }
        queue.settle(account, codec.connection.worker().allocator());
        checkHigh();
        codec.afterWrite();
    }

    @Override
    public void trailers(Headers trailers) {
        if (closed || !headSent || endQueued || localEnd) {
            return;
        }
        if (trailers.size() == 0) {
            // A filter took them all: as Envoy, the end without a field section.
            data(Unpooled.EMPTY_BUFFER, true);
            return;
        }
        trailersQueued = trailers;
        endQueued = true;
        codec.sender().schedule(this);
        armFlushTimer();
        codec.afterWrite();
    }

    @Override
    public void flushTimeout(long millis) {
        flushTimeoutMillis = millis;
    }

    private void armFlushTimer() {
        if (localEnd || closed || flushTimeoutMillis <= 0) {
            return;
        }
        ScaledTimer timer =
                new ScaledTimer(
                        codec.connection.worker(), ScaledTimeout.HTTP_DOWNSTREAM_STREAM_FLUSH) {
                    @Override
                    protected void expire() {
                        codec.flushTimedOut(Http2Stream.this);
                    }
                };
        flushTimer = timer;
        timer.arm(flushTimeoutMillis);
    }

    private void messageEnded() {
        if (flushTimer != null) {
            flushTimer.cancel();
        }
        codec.onLocalEnd(this);
    }

    @Override
    public void reset(ResetReason why) {
        if (closed) {
            return;
        }
        if (endQueued && !localEnd && why == ResetReason.LOCAL_RESET) {
            resetAfterEnd = true;
            return;
        }
        codec.resetLocally(this, why);
    }

    boolean resetsAfterEnd() {
        return resetAfterEnd;
    }

    /** Whether there is anything that windows allow to be written now. */
    boolean canSend(int connectionWindow) {
        if (closed || localEnd) {
            return false;
        }
        return queue.bytes() > 0 ? sendWindow > 0 && connectionWindow > 0 : endQueued;
    }

    boolean wantsToSend() {
        return !closed && !localEnd && (queue.bytes() > 0 || endQueued);
    }

    boolean hasQueuedData() {
        return queue.bytes() > 0;
    }

    /** Writes one frame; the octets of window that it took. */
    int sendOne(int connectionWindow) {
        FrameWriter writer = codec.writer();
        if (queue.bytes() == 0) {
            finishMessage(writer);
            return 0;
        }
        int allowed = Math.min(Math.min(sendWindow, connectionWindow), writer.maxFrame());
        ByteBuf payload = queue.take(allowed);
        int length = payload.readableBytes();
        sendWindow -= length;
        boolean end = queue.bytes() == 0 && endQueued && trailersQueued == null;
        bytesSent += FrameWriter.HEADER + length;
        localEnd = end;
        writer.data(id, payload, end);
        codec.onDataSent();
        if (end) {
            messageEnded();
        } else if (queue.bytes() == 0 && endQueued) {
            finishMessage(writer);
        }
        checkLow();
        return length;
    }

    private void finishMessage(FrameWriter writer) {
        Headers trailers = trailersQueued;
        trailersQueued = null;
        localEnd = true;
        if (trailers != null && !trailers.isEmpty()) {
            int written = writer.headers(id, trailers, true);
            headBytesSent += written - FrameWriter.HEADER;
            bytesSent += written;
        } else {
            bytesSent += FrameWriter.HEADER;
            writer.data(id, Unpooled.EMPTY_BUFFER, true);
        }
        messageEnded();
    }

    private void checkHigh() {
        if (!above && queue.bytes() > HIGH_WATERMARK) {
            above = true;
            WatermarkListener listener = watermarks;
            if (listener != null) {
                listener.onAboveHighWatermark();
            }
        }
    }

    private void checkLow() {
        if (above && queue.bytes() <= HIGH_WATERMARK / 2) {
            above = false;
            WatermarkListener listener = watermarks;
            if (listener != null) {
                listener.onBelowLowWatermark();
            }
        }
    }

    // ---- in ---------------------------------------------------------------------------------

    /** Flow-controlled octets have been delivered to the sink. */
    void received(int octets) {
        if (holds > 0) {
            unconsumed += octets;
        } else {
            give(octets);
        }
    }

    private void give(int octets) {
        codec.consumed(octets);
        if (remoteEnd || closed) {
            return;
        }
        consumed += octets;
        if (consumed >= codec.streamWindow() / 2) {
            receiveWindow += consumed;
            codec.writer().windowUpdate(id, consumed);
            consumed = 0;
        }
    }

    @Override
    public Valve input() {
        return this;
    }

    @Override
    public void hold() {
        holds++;
    }

    @Override
    public void release() {
        if (holds == 0) {
            throw new IllegalStateException("released more often than held");
        }
        if (--holds == 0 && !closed && unconsumed > 0) {
            int octets = unconsumed;
            unconsumed = 0;
            give(octets);
            codec.afterWrite();
        }
    }

    /** Forgets everything; octets that nobody consumed go back to the connection's window. */
    void close() {
        closed = true;
        watermarks = null;
        if (flushTimer != null) {
            flushTimer.cancel();
        }
        queue.release();
        if (ownAccount) {
            ownAccount = false;
            account.heap(-headCharged);
            account.close();
        }
        int octets = unconsumed;
        unconsumed = 0;
        if (octets > 0) {
            codec.consumed(octets);
        }
    }

    // ---- what others ask --------------------------------------------------------------------

    @Override
    public long id() {
        return id;
    }

    @Override
    public HttpConnection connection() {
        return codec;
    }

    @Override
    public void watermarks(@Nullable WatermarkListener listener) {
        watermarks = listener;
        if (listener != null && above) {
            listener.onAboveHighWatermark();
        }
    }

    @Override
    public @Nullable String codecDetails() {
        return details;
    }

    @Override
    public long wireBytesReceived() {
        return bytesReceived;
    }

    @Override
    public long wireBytesSent() {
        return bytesSent;
    }

    @Override
    public long headerBytesReceived() {
        return headBytesReceived;
    }

    @Override
    public long headerBytesSent() {
        return headBytesSent;
    }

    @Override
    public String toString() {
        return "stream " + id + (upgrade == null ? "" : " " + HeaderName.UPGRADE + " " + upgrade);
    }
}
