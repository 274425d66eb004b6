package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.CodecStats.Gauge;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpConnection;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.collection.IntObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What both sides of HTTP/2 have in common: the streams, both windows of the connection, resets and
 * the end. Frames arrive through {@link FrameReader}; the two codecs differ in who opens streams
 * and what a head must look like. Loop-confined.
 *
 * <p>Longer than files here should be: streams, windows and the end of a connection change one
 * another with each frame.
 */
abstract class Http2Codec implements HttpConnection, ConnectionHandler {

    static final int MAX_STREAM_ID = Integer.MAX_VALUE;
    private static final int DEFAULT_WINDOW = 65535;

    /** What HPACK's tables and the frame reader take of the heap on every connection, in bytes. */
    private static final int PRICE = 3 * 1024;

    final Connection connection;
    final Http2Options options;
    final CodecStats stats;
    final InboundLimits limits;
    final HeaderBlock block;
    final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    final Keepalive keepalive;
    private final FrameWriter writer;
    private final Sender sender;
    private final FrameReader input;
    private final ClosedStreams resetHere = new ClosedStreams();
    private int connectionReceiveWindow;
    private int connectionConsumed;
    int peerInitialWindow = DEFAULT_WINDOW;

    /** Largest id that the peer has opened. */
    int lastPeerStream;

    /** Nothing is read or written any more; the owner closes. */
    boolean dead;

    Http2Codec(
            Connection connection, Http2Options options, CodecStats stats, boolean expectPreface) {
        this.connection = connection;
        connection.heap(PRICE);
        this.options = options;
        this.stats = stats;
        this.limits = new InboundLimits(options, stats);
        this.block = new HeaderBlock(options, stats);
        this.writer = new FrameWriter(connection, new OutboundFrames(connection, options, stats));
        this.sender = new Sender(connection);
        this.keepalive = new Keepalive(this, connection.worker(), options);
        this.input = new FrameReader(this, expectPreface);
        this.connectionReceiveWindow =
                Math.max(DEFAULT_WINDOW, options.initialConnectionWindowSize());
    }

    /** SETTINGS, and the connection's window beyond the default. */
    final void writePreface(boolean client) {
        writer.settings(options, client);
        int more = connectionReceiveWindow - DEFAULT_WINDOW;
        if (more > 0) {
            writer.windowUpdate(0, more);
        }
        keepalive.start();
    }

    final FrameWriter writer() {
        return writer;
    }

    final Sender sender() {
        return sender;
    }

    final int streamWindow() {
        return options.initialStreamWindowSize();
    }

    @Override
    public final Connection connection() {
        return connection;
    }

    @Override
    public final Protocol protocol() {
        return Protocol.HTTP2;
    }

    @Override
    public final int activeStreams() {
        return streams.size();
    }

    // ---- what the two sides do in their own way ---------------------------------------------

    abstract HeaderBlock.Kind kindOf(int streamId);

    /** HEADERS with the decoded block. */
    abstract void onHeaders(int streamId, boolean end);

    abstract void onRemoteSettings(io.netty.handler.codec.http2.Http2Settings settings);

    abstract void onGoAway(int lastStream, long code);

    /**
     * A head is about to be written: gives the stream its id, and returns what is to be written.
     */
    abstract Headers beforeHead(Http2Stream stream, Headers headers);

    /** The stream has ended both ways, or was reset here. */
    abstract void streamEnded(Http2Stream stream);

    abstract void tellConnectionError(String details, boolean flood);

    /** Whether that id has never been used. */
    abstract boolean isIdle(int streamId);

    /** A reset has come, and its stream, if it was still there, has ended. */
    void onResetRead() {}

    // ---- streams ----------------------------------------------------------------------------

    final void register(Http2Stream stream, int id) {
        stream.id = id;
        stream.sendWindow = peerInitialWindow;
        stream.receiveWindow = options.initialStreamWindowSize();
        streams.put(id, stream);
        stats.add(Gauge.HTTP2_STREAMS_ACTIVE, 1);
        limits.streamOpened();
    }

    final void forget(Http2Stream stream) {
        if (stream.id != 0 && streams.remove(stream.id) != null) {
            stats.add(Gauge.HTTP2_STREAMS_ACTIVE, -1);
        }
        stream.close();
    }

    /** END_STREAM has been written. */
    final void onLocalEnd(Http2Stream stream) {
        if (stream.remoteEnd) {
            end(stream);
        } else if (closesAtLocalEnd() || stream.resetsAfterEnd()) {
            // RFC 9113 section 8.1: an early answer is complete; the rest of the request is not
            // read.
            sendReset(stream, Http2Error.NO_ERROR.code());
            end(stream);
        }
    }

    /** Whether the end of our message ends the stream even if the peer's goes on. */
    abstract boolean closesAtLocalEnd();

    final void end(Http2Stream stream) {
        if (!stream.closed) {
            forget(stream);
            streamEnded(stream);
        }
    }

    final void sendReset(Http2Stream stream, long code) {
        if (stream.id == 0) {
            return;
        }
        resetHere.add(stream.id);
        stats.increment(Counter.HTTP2_TX_RESET);
        writer.resetStream(stream.id, code);
    }

    /** Refuses a stream that never came to be. */
    final void refuse(int id, Http2Error code) {
        resetHere.add(id);
        stats.increment(Counter.HTTP2_TX_RESET);
        writer.resetStream(id, code.code());
        afterWrite();
    }

    final boolean wasResetHere(int id) {
        return resetHere.contains(id);
    }

    /** Our side gives the stream up. */
    final void resetLocally(Http2Stream stream, ResetReason why) {
        sendReset(stream, codeOf(why));
        noteReset(why);
        end(stream);
        afterWrite();
    }

    /** The end of a message has waited for the peer's window for too long. */
    final void flushTimedOut(Http2Stream stream) {
        stats.increment(Counter.HTTP2_TX_FLUSH_TIMEOUT);
        Http2Log.flushTimeout(connection.info(), stream.id());
        resetLocally(stream, ResetReason.LOCAL_RESET);
    }

    abstract long codeOf(ResetReason why);

    /** The stream holds more than others, and memory is short. */
    final void shed(Http2Stream stream) {
        if (!stream.closed) {
            sendReset(stream, codeOf(ResetReason.OVERLOAD_MANAGER));
            tellReset(stream, ResetReason.OVERLOAD_MANAGER);
            afterWrite();
        }
    }

    /** The stream is broken: peer and receiver are told. */
    final void failStream(Http2Stream stream, Http2Error code, ResetReason why) {
        Http2Log.reset(connection.info(), stream.id(), code);
        sendReset(stream, code.code());
        tellReset(stream, why);
        afterWrite();
    }

    final void tellReset(Http2Stream stream, ResetReason why) {
        HttpSink sink = stream.sink;
        noteReset(why);
        forget(stream);
        if (sink != null) {
            stream.sink = null;
            sink.reset(why);
        }
        resetDone(stream);
    }

    /** A stream is about to end by a reset, from whichever side. */
    void noteReset(ResetReason why) {}

    /** After a reset that came from the peer or from an error. */
    void resetDone(Http2Stream stream) {}

    /** A message breaks the rules: Envoy's choice between stream and connection. */
    final void onBadMessage(Http2Stream stream, String details) {
        stream.details = details;
        Http2Log.badMessage(connection.info(), stream.id(), details);
        if (block.isMalformed()) {
            connectionError(Http2Error.COMPRESSION_ERROR, details, false);
            return;
        }
        boolean ours =
                details.equals(Http2Details.TOO_MANY_HEADERS)
                        || details.equals(Http2Details.HEADER_LIST_TOO_LARGE)
                        || details.equals(Http2Details.UNEXPECTED_UNDERSCORE);
        if (ours) {
            // The reason is Envoy's: it logs DR, not DPE.
            failStream(stream, Http2Error.INTERNAL_ERROR, ResetReason.REMOTE_RESET);
            return;
        }
        stats.increment(Counter.HTTP2_RX_MESSAGING_ERROR);
        if (options.streamErrorOnInvalidMessage()) {
            failStream(stream, Http2Error.PROTOCOL_ERROR, ResetReason.PROTOCOL_ERROR);
        } else {
            connectionError(Http2Error.PROTOCOL_ERROR, details, false);
        }
    }

    /** A body that does not fit its announced length costs its stream only, in Envoy, too. */
    final void onBadBody(Http2Stream stream) {
        // Envoy's details for it, though the reset is ours.
        stream.details = Http2Details.REMOTE_RESET;
        failStream(stream, Http2Error.PROTOCOL_ERROR, ResetReason.PROTOCOL_ERROR);
    }

    // ---- receiving data ---------------------------------------------------------------------

    final void onData(int id, ByteBuf payload, int octets, boolean end) {
        if (octets > connectionReceiveWindow) {
            connectionError(Http2Error.FLOW_CONTROL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            return;
        }
        connectionReceiveWindow -= octets;
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            consumed(octets);
            onDataWithoutStream(id);
            return;
        }
        stream.bytesReceived += FrameWriter.HEADER + octets;
        if (stream.remoteEnd) {
            connectionError(Http2Error.STREAM_CLOSED, Http2Details.PROTOCOL_ERROR, false);
            return;
        }
        if (octets > stream.receiveWindow) {
            connectionError(Http2Error.FLOW_CONTROL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            return;
        }
        stream.receiveWindow -= octets;
        deliver(stream, payload, octets, end);
    }

    private void onDataWithoutStream(int id) {
        if (isIdle(id)) {
            connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
        } else if (!wasResetHere(id)) {
            connectionError(Http2Error.STREAM_CLOSED, Http2Details.PROTOCOL_ERROR, false);
        }
    }

    private void deliver(Http2Stream stream, ByteBuf payload, int octets, boolean end) {
        int length = payload.readableBytes();
        boolean bad = !stream.headReceived;
        if (stream.bodyLeft >= 0) {
            stream.bodyLeft -= length;
            bad |= stream.bodyLeft < 0 || (end && stream.bodyLeft > 0);
        }
        if (bad) {
            consumed(octets);
            stream.bytesReceived -= FrameWriter.HEADER + octets;
            onBadBody(stream);
            return;
        }
        HttpSink sink = stream.sink;
        if (end) {
            stream.remoteEnd = true;
        }
        if (sink == null) {
            stream.received(octets);
            return;
        }
        if (length > 0 || end) {
            sink.data(payload.retain(), end);
        }
        if (stream.closed) {
            consumed(octets);
        } else {
            stream.received(octets);
        }
        afterRemoteEnd(stream);
    }

    /** Ends the stream where both sides have now ended. */
    final void afterRemoteEnd(Http2Stream stream) {
        if (stream.remoteEnd && stream.localEnd) {
            end(stream);
        }
    }

    /** Octets have left the buffers that the connection's window stands for. */
    final void consumed(int octets) {
        connectionConsumed += octets;
        int window = Math.max(DEFAULT_WINDOW, options.initialConnectionWindowSize());
        if (connectionConsumed >= window / 2 && !dead) {
            connectionReceiveWindow += connectionConsumed;
            writer.windowUpdate(0, connectionConsumed);
            connectionConsumed = 0;
        }
    }

    // ---- sending ----------------------------------------------------------------------------

    final void onDataSent() {
        limits.dataFrameSent();
    }

    /** Frames that nobody reads have become too many. */
    final void afterWrite() {
        if (writer.flooded()) {
            String details =
                    writer.controlFlooded()
                            ? Http2Details.OUTBOUND_CONTROL_FLOOD
                            : Http2Details.OUTBOUND_FLOOD;
            connectionError(Http2Error.NO_ERROR, details, true);
        }
    }

    // ---- events -----------------------------------------------------------------------------

    @Override
    public final void onData(ByteBuf data, boolean end) {
        if (dead) {
            data.release();
            return;
        }
        input.read(data);
        afterRead();
    }

    @Override
    public final void onReadComplete() {
        input.onReadComplete();
    }

    final void afterRead() {
        if (!dead) {
            afterWrite();
        }
    }

    @Override
    public final void onBelowLowWatermark() {
        if (!dead) {
            sender.run();
            afterWrite();
        }
    }

    final void onKeepaliveTimeout() {
        stats.increment(Counter.HTTP2_KEEPALIVE_TIMEOUT);
        connectionError(null, Http2Details.PING_TIMEOUT, false);
    }

    /** The connection cannot go on. */
    final void connectionError(@Nullable Http2Error code, String details, boolean flood) {
        if (dead) {
            return;
        }
        Http2Log.connectionError(connection.info(), code, details);
        if (!flood && code != null) {
            // Not counted: goaway_sent tells of connections that end in good order.
            writer.goAway(lastPeerStream, code.code(), "");
        }
        for (Http2Stream stream : streams.values()) {
            if (stream.details == null) {
                stream.details = details;
            }
        }
        breaking();
        shutDown(code == null ? ResetReason.CONNECTION_TERMINATION : ResetReason.PROTOCOL_ERROR);
        tellConnectionError(details, flood);
    }

    /** Server: the streams of a connection that is about to end by an error are still there. */
    void breaking() {}

    private void shutDown(ResetReason why) {
        dead = true;
        keepalive.stop();
        sender.clear();
        input.close();
        for (Http2Stream stream : streams.values().toArray(new Http2Stream[0])) {
            tellReset(stream, why);
        }
        resetUnopened(why);
        writer.close();
    }

    /** Client: streams that have no head yet. */
    void resetUnopened(ResetReason why) {}

    @Override
    public final void onClosed(ConnectionEvent event) {
        if (!dead) {
            shutDown(ResetReason.CONNECTION_TERMINATION);
        }
    }
}
