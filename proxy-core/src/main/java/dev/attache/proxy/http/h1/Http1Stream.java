package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.memory.MemoryAccount;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What both sides' streams have in common: the outgoing body, back-pressure, byte counts. One
 * object serves all messages of a connection in turn; {@link #begin} readies it for the next.
 */
abstract class Http1Stream implements HttpStream {

    final Connection connection;
    final MessageWriter writer;
    private final boolean enableTrailers;
    private long id;
    private @Nullable ExchangeValve valve;
    private boolean over = true;
    private @Nullable WatermarkListener watermarks;
    private @Nullable String codecDetails;
    long bytesReceived;
    long headBytesReceived;
    long bytesSent;
    long headBytesSent;

    /** The outgoing message's framing: chunked, counted ({@code bodyLeft >= 0}), or neither. */
    boolean chunked;

    long bodyLeft;

    /** The outgoing message may have no body: response to HEAD, 204, 304. */
    boolean bodyless;

    boolean headSent;
    boolean sent;

    Http1Stream(Connection connection, MessageWriter writer, boolean enableTrailers) {
        this.connection = connection;
        this.writer = writer;
        this.enableTrailers = enableTrailers;
    }

    void begin() {
        id++;
        over = false;
        watermarks = null;
        codecDetails = null;
        bytesReceived = 0;
        headBytesReceived = 0;
        bytesSent = 0;
        headBytesSent = 0;
        chunked = false;
        bodyLeft = -1;
        bodyless = false;
        headSent = false;
        sent = false;
    }

    /** Gives back what a listener still held when its stream ended. */
    void finish() {
        over = true;
        watermarks = null;
        if (valve != null) {
            valve.end();
            valve = null;
        }
    }

    /** True while this stream's messages may still be written. */
    abstract boolean writable();

    /** The last byte of the outgoing message has been written. */
    abstract void onSent();

    @Override
    public final void data(ByteBuf chunk, boolean end) {
        if (!writable() || !headSent) {
            chunk.release();
            return;
        }
        int length = chunk.readableBytes();
        if (length == 0 || bodyless) {
            chunk.release();
        } else if (chunked) {
            int before = length + 4;
            ByteBuf out = connection.output(16);
            int start = out.writerIndex();
            writer.chunkSize(length, out);
            before += out.writerIndex() - start - 2;
            connection.write(chunk);
            connection.output(2).writeBytes(MessageWriter.CRLF);
            bytesSent += before;
        } else {
            counted(chunk, length);
        }
        if (end && !sent) {
            end();
        }
    }

    /** More than was announced would be read as the next message, so it is cut off. */
    private void counted(ByteBuf chunk, int length) {
        int allowed = length;
        if (bodyLeft >= 0) {
            allowed = (int) Math.min(length, bodyLeft);
            bodyLeft -= allowed;
        }
        if (allowed < length) {
            chunk.writerIndex(chunk.readerIndex() + allowed);
        }
        bytesSent += allowed;
        connection.write(chunk);
    }

    @Override
    public final void trailers(Headers trailers) {
        if (!writable() || !headSent) {
            return;
        }
        if (chunked && enableTrailers) {
            int room = MessageWriter.room(trailers);
            ByteBuf out = connection.output(room);
            HeadText text = HeadText.begin(room);
            writer.trailers(trailers, text);
            text.writeTo(out);
            bytesSent += text.length();
            sent = true;
            onSent();
        } else {
            end();
        }
    }

    final void end() {
        if (chunked) {
            connection.output(MessageWriter.LAST_CHUNK.length).writeBytes(MessageWriter.LAST_CHUNK);
            bytesSent += MessageWriter.LAST_CHUNK.length;
        }
        sent = true;
        onSent();
    }

    /**
     * Ends a head and writes it.
     *
     * @param startLine how many of its octets are the start line with its end, which do not count
     *     as header bytes, nor does the empty line
     */
    final void write(HeadText head, int startLine, ByteBuf out) {
        headBytesSent += head.length() - startLine;
        head.add(MessageWriter.CRLF).writeTo(out);
        bytesSent += head.length();
    }

    /** Less was sent than announced: the peer must not take what follows for the rest. */
    final boolean sentShort() {
        return bodyLeft > 0 && !bodyless;
    }

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final Valve input() {
        if (over) {
            return Valve.NONE;
        }
        if (valve == null) {
            valve = new ExchangeValve(connection);
        }
        return valve;
    }

    @Override
    public final void watermarks(@Nullable WatermarkListener listener) {
        watermarks = listener;
        if (listener != null && connection.isAboveHighWatermark()) {
            listener.onAboveHighWatermark();
        }
    }

    @Override
    public final MemoryAccount account() {
        return connection.account();
    }

    @Override
    public final void chargeTo(MemoryAccount payer) {
        connection.chargeTo(payer);
    }

    final void aboveHighWatermark() {
        WatermarkListener listener = watermarks;
        if (listener != null) {
            listener.onAboveHighWatermark();
        }
    }

    final void belowLowWatermark() {
        WatermarkListener listener = watermarks;
        if (listener != null) {
            listener.onBelowLowWatermark();
        }
    }

    final void codecDetails(String details) {
        codecDetails = details;
    }

    @Override
    public final @Nullable String codecDetails() {
        return codecDetails;
    }

    @Override
    public final long wireBytesReceived() {
        return bytesReceived;
    }

    @Override
    public final long wireBytesSent() {
        return bytesSent;
    }

    @Override
    public final long headerBytesReceived() {
        return headBytesReceived;
    }

    @Override
    public final long headerBytesSent() {
        return headBytesSent;
    }
}
