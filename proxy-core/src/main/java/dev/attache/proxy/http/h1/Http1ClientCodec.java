package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The client side of an HTTP/1 connection: one request at a time. Response heads are new objects,
 * because a response's head outlives its upstream stream (access log) while this connection serves
 * another.
 *
 * <p>A stream ends when its response does. If the request was not complete then, or the response
 * closes the connection, or bytes follow that nobody asked for, the connection is not reusable and
 * its owner closes it. A reset closes it at once.
 *
 * <p>Longer than files here should be: request, response and connection end one another.
 */
public final class Http1ClientCodec
        implements ClientHttpConnection, ConnectionHandler, BodyDecoder.Out {

    private enum State {
        IDLE,
        HEAD,
        BODY,
        RAW,
        DEAD
    }

    private final Connection connection;
    private final Listener listener;
    private final HeadReader reader;
    private final ResponseHead response;
    private final BodyDecoder body;
    private final ClientStream stream;
    private Headers headers = new Headers(MessagePart.RESPONSE);
    private State state = State.IDLE;
    private @Nullable HttpSink sink;
    private @Nullable ByteBuf reading;
    private int textHint = 512;
    private int fieldHint = 16;
    private boolean draining;
    private int flushesBefore;

    /** Bytes of an unfinished head that the connection pays for. */
    private int headCharged;

    public Http1ClientCodec(Connection connection, Http1Options options, Listener listener) {
        this(connection, options, listener, CodecStats.NONE);
    }

    public Http1ClientCodec(
            Connection connection, Http1Options options, Listener listener, CodecStats stats) {
        this.connection = connection;
        this.listener = listener;
        this.reader = new HeadReader(options, stats, false);
        this.response = new ResponseHead(options);
        this.body =
                new BodyDecoder(
                        this, reader, MessagePart.RESPONSE_TRAILERS, options.enableTrailers());
        MessageWriter writer = new MessageWriter(options.headerKeyFormat());
        this.stream = new ClientStream(this, connection, writer, options);
    }

    @Override
    public HttpStream newStream(HttpSink to) {
        if (state != State.IDLE) {
            throw new IllegalStateException("HTTP/1 connection is busy or closed");
        }
        stream.begin();
        sink = to;
        flushesBefore = connection.flushes();
        state = State.HEAD;
        beginHead();
        return stream;
    }

    private void beginHead() {
        headers = new Headers(MessagePart.RESPONSE, textHint, fieldHint);
        reader.start(headers, response);
    }

    @Override
    public long maxConcurrentStreams() {
        return 1;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Protocol protocol() {
        return response.protocol();
    }

    @Override
    public int activeStreams() {
        return isActive() ? 1 : 0;
    }

    boolean isActive() {
        return sink != null;
    }

    /** The connection takes no further request after the one it has. */
    @Override
    public void shutdownNotice() {
        draining = true;
    }

    @Override
    public void goAway() {
        draining = true;
    }

    // ---- bytes in ---------------------------------------------------------------------------

    @Override
    public void onData(ByteBuf data, boolean end) {
        reading = data;
        stream.bytesReceived += data.readableBytes();
        try {
            while (reading != null && data.isReadable() && state != State.DEAD) {
                step(data);
            }
        } finally {
            if (reading != null) {
                reading = null;
                data.release();
            }
        }
    }

    /** What is read, where nothing but body is left of it. */
    @Override
    public ByteBuf rest(ByteBuf in) {
        reading = null;
        return in;
    }

    private void step(ByteBuf in) {
        switch (state) {
            case IDLE -> unasked();
            case HEAD -> head(in);
            case BODY -> {
                if (!body.decode(in, connection.worker().allocator()) && state == State.BODY) {
                    refuse(body.error());
                }
            }
            case RAW -> deliver(in.readRetainedSlice(in.readableBytes()), false);
            case DEAD -> throw new IllegalStateException("reading while dead");
        }
    }

    /** Bytes while no request is out: a late answer, a 408 before the close, or an attack. */
    private void unasked() {
        state = State.DEAD;
        listener.onConnectionError(Http1Error.CODEC_ERROR.details());
    }

    private void head(ByteBuf in) {
        if (reader.untouched()
                && (isUnasked() || !response.mayBegin(in.getByte(in.readerIndex())))) {
            refuse(Http1Error.CODEC_ERROR);
            return;
        }
        HeadReader.Progress progress = reader.read(in);
        chargeHead(progress == HeadReader.Progress.MORE ? headers.footprint() : 0);
        switch (progress) {
            case MORE -> {}
            case DONE -> {
                stream.headBytesReceived += reader.fieldOctets();
                Http1Error wrong = stream.headSent ? null : Http1Error.CODEC_ERROR;
                if (wrong == null) {
                    wrong = response.finish(headers, stream);
                }
                if (wrong == null) {
                    dispatch();
                } else {
                    refuse(wrong);
                }
            }
            case FAILED -> refuse(reader.error());
        }
    }

    /** A head that is whole is charged by who has it. */
    private void chargeHead(int bytes) {
        if (bytes != headCharged) {
            connection.heap(bytes - headCharged);
            headCharged = bytes;
        }
    }

    /** Nothing of the request has left us: no answer to it, whoever this was meant for. */
    private boolean isUnasked() {
        return connection.flushes() == flushesBefore;
    }

    private void dispatch() {
        HttpSink to = sink;
        if (to == null) {
            return;
        }
        Headers head = headers;
        textHint = Math.min(8192, head.textEnd() + 64);
        fieldHint = head.size() + 4;
        if (response.isInformational()) {
            beginHead();
            to.informational(head);
            return;
        }
        boolean end = false;
        state = State.BODY;
        switch (response.body()) {
            case NONE -> end = true;
            case COUNTED -> body.startCounted(response.contentLength());
            case CHUNKED -> body.startChunked();
            case UNTIL_CLOSE -> body.startUntilClose();
            case RAW -> state = State.RAW;
        }
        if (end) {
            HttpSink done = endMessage();
            done.headers(head, true);
            messageEnded();
        } else {
            to.headers(head, false);
        }
    }

    /** The response is wrong; so is all that may follow it. */
    private void refuse(Http1Error why) {
        stream.codecDetails(why.details());
        abort(ResetReason.PROTOCOL_ERROR);
        listener.onConnectionError(why.details());
    }

    /** The stream is over before its receiver hears of the last piece. */
    private HttpSink endMessage() {
        HttpSink to = sink;
        if (to == null) {
            throw new IllegalStateException("end of a response without a stream");
        }
        boolean clean =
                stream.sent
                        && !stream.sentShort()
                        && !response.closes()
                        && !body.isUntilClose()
                        && !draining;
        ByteBuf in = reading;
        boolean followed = in != null && in.isReadable();
        state = clean && !followed ? State.IDLE : State.DEAD;
        sink = null;
        endStream();
        return to;
    }

    private void endStream() {
        stream.finish();
        // Who had the stream does not pay for the connection any more.
        connection.chargeTo(connection.worker().memory().shared());
    }

    private void messageEnded() {
        ByteBuf in = reading;
        boolean followed = in != null && in.isReadable();
        if (!stream.sent) {
            // Answered before the request was over: as in Envoy, the connection ends under it.
            listener.onBrokenOff();
        }
        listener.onStreamEnd(stream, state == State.IDLE && connection.isOpen());
        if (followed) {
            listener.onConnectionError(Http1Error.CODEC_ERROR.details());
        }
    }

    private void deliver(ByteBuf chunk, boolean end) {
        HttpSink to = sink;
        if (to == null) {
            chunk.release();
        } else {
            to.data(chunk, end);
        }
    }

    @Override
    public void body(ByteBuf chunk, boolean end) {
        if (!end) {
            deliver(chunk, false);
            return;
        }
        HttpSink to = endMessage();
        to.data(chunk, true);
        messageEnded();
    }

    @Override
    public void trailerOctets(int octets) {
        stream.headBytesReceived += octets;
    }

    @Override
    public void trailers(Headers trailers) {
        HttpSink to = endMessage();
        to.trailers(trailers);
        messageEnded();
    }

    @Override
    public boolean halted() {
        return state != State.BODY;
    }

    // ---- from the request side --------------------------------------------------------------

    void onRequestSent() {
        if (stream.sentShort()) {
            // The peer waits for bytes that will not come, and would take the next request for
            // them.
            abandon(ResetReason.LOCAL_RESET);
        } else if (stream.endsConnection()) {
            connection.close(CloseType.FLUSH_WRITE, null);
        }
    }

    void onLocalReset() {
        abandon(null);
    }

    /**
     * Ends the exchange and its connection.
     *
     * @param why is told to whoever waits for the response; null: it is who gives up
     */
    private void abandon(@Nullable ResetReason why) {
        HttpSink to = sink;
        if (to == null) {
            return;
        }
        sink = null;
        state = State.DEAD;
        body.abandon();
        endStream();
        if (why != null) {
            to.reset(why);
        }
        listener.onBrokenOff();
        listener.onStreamEnd(stream, false);
        connection.close(CloseType.NO_FLUSH, null);
    }

    /** Some of a response has come and its end has not: an HTTP/1 message broken off. */
    private boolean isCutShort() {
        return state == State.BODY || (state == State.HEAD && !reader.untouched());
    }

    private void abort(ResetReason why) {
        state = State.DEAD;
        body.abandon();
        HttpSink to = sink;
        if (to == null) {
            return;
        }
        sink = null;
        endStream();
        to.reset(why);
        listener.onBrokenOff();
        listener.onStreamEnd(stream, false);
    }

    // ---- events -----------------------------------------------------------------------------

    @Override
    public void onClosed(ConnectionEvent event) {
        if (state == State.BODY && body.isUntilClose() && event == ConnectionEvent.REMOTE_CLOSE) {
            body(Unpooled.EMPTY_BUFFER, true);
            return;
        }
        if (event != ConnectionEvent.LOCAL_CLOSE && sink != null && isCutShort()) {
            abort(ResetReason.PROTOCOL_ERROR);
            listener.onConnectionError(Http1Error.CODEC_ERROR.details());
            return;
        }
        abort(ResetReason.CONNECTION_TERMINATION);
    }

    @Override
    public void onAboveHighWatermark() {
        if (isActive()) {
            stream.aboveHighWatermark();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (isActive()) {
            stream.belowLowWatermark();
        }
    }
}
