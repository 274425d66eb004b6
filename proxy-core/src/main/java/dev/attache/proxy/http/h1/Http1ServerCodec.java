package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.ServerHttpConnection;
import dev.attache.proxy.worker.TurnClock;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The server side of an HTTP/1 connection. Requests are delivered one at a time: what a client
 * pipelines waits, and the socket is not read meanwhile. The request's {@link Headers} are one
 * object for the life of the connection and are cleared when the next request begins.
 *
 * <p>The codec closes the connection itself (flush, then delayed close) after a response that says
 * or implies it: {@code connection: close}, HTTP/1.0 without keep-alive, a response before the end
 * of its request, a refused request, a body of unknown length on HTTP/1.0, a reset. The owner may
 * close earlier.
 *
 * <p>Longer than files here should be: reading, answering and the ways to end share one state,
 * which decides at each byte what may come next.
 */
public final class Http1ServerCodec
        implements ServerHttpConnection, ConnectionHandler, BodyDecoder.Out {

    private enum State {
        HEAD,
        BODY,
        /** Upgrade or CONNECT: bytes pass unframed, once the response has accepted. */
        RAW,
        /** The request is complete, its response is not. */
        ANSWER,
        /** Nothing more is read. */
        DEAD
    }

    /** Beyond this the arrays of a head are not kept for the next one, in bytes. */
    private static final int LARGE_HEAD = 12 * 1024;

    private static final String TOO_MANY_RESPONSES = "codec_error:Too_many_responses_queued.";

    private final Connection connection;
    private final Listener listener;
    private final Headers headers = new Headers(MessagePart.REQUEST);
    private final HeadReader reader;
    private final RequestHead request;
    private final BodyDecoder body;
    private final ServerStream stream;
    private final Runnable resume = this::pump;
    private final Runnable trim = this::trim;
    private final Runnable nextTurn = this::onNextTurn;
    private final QueuedResponses queued;
    private final CodecStats stats;
    private final int requestsPerTurn;
    private final TurnClock turn;
    private State state = State.HEAD;
    private @Nullable RequestSink sink;
    private @Nullable ByteBuf held;

    /** What came while the rest of {@link #held} waits: not to be copied before. */
    private @Nullable ByteBuf behind;

    private boolean holding;
    private boolean pumping;
    private boolean rawAccepted;

    /** Octets of which the receiver knows that they wait for its answer to an upgrade. */
    private int waitingTold;

    private boolean answering;
    private boolean closing;
    private boolean draining;
    private boolean begun;
    private boolean waitingForTurn;

    /** Bytes of head and trailers, and of what is held, that the connection pays for. */
    private int headCharged;

    private int heldCharged;

    /** What came before the first octet of the next request: empty lines. */
    private int beforeRequest;

    public Http1ServerCodec(Connection connection, Http1Options options, Listener listener) {
        this(connection, options, listener, CodecStats.NONE);
    }

    public Http1ServerCodec(
            Connection connection, Http1Options options, Listener listener, CodecStats stats) {
        this.connection = connection;
        this.listener = listener;
        this.stats = stats;
        this.queued = new QueuedResponses(connection);
        this.requestsPerTurn = options.maxRequestsPerTurn();
        this.turn = new TurnClock(connection.worker());
        this.reader = new HeadReader(options, stats, true);
        this.request = new RequestHead(options);
        this.body =
                new BodyDecoder(
                        this, reader, MessagePart.REQUEST_TRAILERS, options.enableTrailers());
        MessageWriter writer = new MessageWriter(options.headerKeyFormat());
        this.stream = new ServerStream(this, connection, writer, options);
        this.headCharged = headBytes();
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Protocol protocol() {
        return request.protocol();
    }

    @Override
    public int activeStreams() {
        return answering ? 1 : 0;
    }

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
        if (state == State.DEAD) {
            data.release();
            return;
        }
        if (begun && (!waits() || state == State.RAW)) {
            stream.bytesReceived += data.readableBytes();
        }
        ByteBuf before = behind;
        if (held == null) {
            held = data;
        } else if (before == null) {
            behind = data;
        } else {
            behind =
                    ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                            connection.worker().allocator(), before, data);
        }
        pump();
    }

    /** Works through what is held until it is used up or has to wait for a response. */
    private void pump() {
        ByteBuf in = held;
        if (pumping || in == null) {
            return;
        }
        pumping = true;
        try {
            do {
                while (in.isReadable() && !waits()) {
                    step(in);
                }
                in = upNext(in);
            } while (in != null && !waits());
        } finally {
            pumping = false;
        }
        tellWaiting();
        if (in == null) {
            unhold();
        } else {
            ByteBuf more = behind;
            chargeHeld(in.capacity() + (more == null ? 0 : more.capacity()));
            if (!holding) {
                holding = true;
                connection.input().hold();
            }
        }
    }

    /** What there is to read after {@code in}, which may have been used up; null = nothing. */
    private @Nullable ByteBuf upNext(ByteBuf in) {
        if (state == State.DEAD) {
            drop();
        } else if (!in.isReadable()) {
            in.release();
            held = behind;
            behind = null;
        }
        return held;
    }

    private void tellWaiting() {
        ByteBuf in = held;
        RequestSink to = sink;
        int waiting =
                state == State.RAW && !rawAccepted && in != null
                        ? in.readableBytes() + behindOctets()
                        : 0;
        if (waiting != waitingTold && to != null) {
            to.bodyWaits(waiting - waitingTold);
        }
        waitingTold = waiting;
    }

    private int behindOctets() {
        ByteBuf more = behind;
        return more == null ? 0 : more.readableBytes();
    }

    private void drop() {
        ByteBuf rest = held;
        if (rest != null) {
            held = null;
            rest.release();
        }
        rest = behind;
        if (rest != null) {
            behind = null;
            rest.release();
        }
    }

    private void chargeHeld(int bytes) {
        if (bytes != heldCharged) {
            connection.direct(bytes - heldCharged);
            heldCharged = bytes;
        }
    }

    private int headBytes() {
        return headers.footprint() + body.footprint();
    }

    private void chargeHead() {
        int bytes = headBytes();
        if (bytes != headCharged) {
            connection.heap(bytes - headCharged);
            headCharged = bytes;
        }
    }

    /** A large head is not kept for the sake of the next one, which may never come. */
    private void trim() {
        if (!begun || state == State.DEAD) {
            headers.clear();
            body.trim();
            chargeHead();
        }
    }

    private boolean waits() {
        return switch (state) {
            case HEAD -> waitingForTurn;
            case BODY -> false;
            case RAW -> !rawAccepted;
            case ANSWER, DEAD -> true;
        };
    }

    private void unhold() {
        chargeHeld(0);
        if (holding) {
            holding = false;
            connection.input().release();
        }
    }

    private void step(ByteBuf in) {
        switch (state) {
            case HEAD -> head(in);
            case BODY -> {
                boolean good = body.decode(in, connection.worker().allocator());
                if (body.inTrailers()) {
                    chargeHead();
                }
                if (!good && state == State.BODY) {
                    refuse(body.error());
                }
            }
            case RAW -> deliver(in.readRetainedSlice(in.readableBytes()), false);
            case ANSWER, DEAD -> throw new IllegalStateException("reading while " + state);
        }
    }

    /** A client that pipelines must not keep the loop from its other connections. */
    private void waitForTurn() {
        waitingForTurn = true;
        connection.inNextTurn(nextTurn);
    }

    private void onNextTurn() {
        waitingForTurn = false;
        turn.renew();
        pump();
    }

    @Override
    public void onReadComplete() {
        if (!waitingForTurn) {
            turn.renew();
        }
    }

    private void head(ByteBuf in) {
        if (!begun) {
            if (turn.messages() >= requestsPerTurn || turn.isOver()) {
                waitForTurn();
                return;
            }
            if (!begin(in)) {
                return;
            }
            if (!request.mayBegin(in.getByte(in.readerIndex()))) {
                refuse(Http1Error.CODEC_ERROR);
                return;
            }
        }
        HeadReader.Progress progress = reader.read(in);
        chargeHead();
        switch (progress) {
            case MORE -> {}
            case DONE -> {
                Http1Error wrong = request.finish(headers, connection.info().tls() != null);
                if (wrong != Http1Error.CODEC_ERROR) {
                    stream.headBytesReceived += reader.fieldOctets();
                }
                if (wrong == null) {
                    dispatch();
                } else {
                    stream.answersError(request, wrong);
                    refuse(wrong);
                }
            }
            case FAILED -> {
                stream.headBytesReceived += reader.refusedOctets();
                refuse(reader.error());
            }
        }
    }

    /**
     * The first octet of a request opens its stream, so that timeouts and the access log know of a
     * head that never becomes whole. Its bytes on the wire are, as in Envoy, all that was there
     * when it began, pipelined requests too, and what comes until it is whole. False while nothing
     * but empty lines has come, or when the receiver ended the stream at once.
     */
    private boolean begin(ByteBuf in) {
        int before = in.readableBytes();
        while (in.isReadable() && Octets.isLineEnd(in.getByte(in.readerIndex()))) {
            in.skipBytes(1);
        }
        if (!in.isReadable()) {
            beforeRequest += before;
            return false;
        }
        // Only now: the receiver of the last request may have looked at its head until here.
        begun = true;
        stream.begin();
        stream.bytesReceived = before + beforeRequest + behindOctets();
        beforeRequest = 0;
        headers.clear();
        request.begin();
        reader.start(headers, request);
        answering = true;
        sink = listener.onStream(stream);
        boolean first = turn.messages() == 0;
        turn.onMessage();
        if (first && answering && !queued.admit()) {
            flood();
        }
        return answering;
    }

    private void flood() {
        stats.increment(CodecStats.Counter.HTTP1_RESPONSE_FLOOD);
        stream.codecDetails(TOO_MANY_RESPONSES);
        answering = false;
        stream.finish();
        RequestSink to = sink;
        sink = null;
        if (to != null) {
            to.reset(ResetReason.PROTOCOL_ERROR);
        }
        state = State.DEAD;
        listener.onConnectionError(TOO_MANY_RESPONSES, true);
    }

    private void dispatch() {
        stream.answers(request);
        closing |= request.closes();
        boolean end = true;
        state = State.ANSWER;
        if (request.isRaw()) {
            state = State.RAW;
            rawAccepted = false;
            end = false;
        } else if (request.framing().chunked()) {
            state = State.BODY;
            body.startChunked();
            end = false;
        } else if (request.framing().contentLength() > 0) {
            state = State.BODY;
            body.startCounted(request.framing().contentLength());
            end = false;
        }
        RequestSink to = sink;
        if (to != null) {
            to.headers(headers, end);
        }
    }

    /** The message is wrong: its answer is the last thing on this connection. */
    private void refuse(Http1Error why) {
        state = State.ANSWER;
        closing = true;
        body.abandon();
        stream.codecDetails(why.details());
        RequestSink to = sink;
        if (!answering || to == null) {
            return;
        }
        if (!stream.headSent) {
            to.protocolError(why.status(), why.details());
            return;
        }
        cutShort(to);
    }

    /** It is too late for an answer of its own: the one under way ends here. */
    private void cutShort(RequestSink to) {
        answering = false;
        stream.finish();
        sink = null;
        to.reset(ResetReason.PROTOCOL_ERROR);
        die();
    }

    /**
     * Nothing more is read for want of resources: the request under way, or one that begins with
     * what has come, is answered with 500 unless it has been answered already, and the connection
     * ends.
     */
    public void abortDispatch() {
        if (state == State.DEAD) {
            return;
        }
        if (!answering) {
            headers.clear();
            request.begin();
            begun = true;
            stream.begin();
            answering = true;
            sink = listener.onStream(stream);
        }
        state = State.ANSWER;
        closing = true;
        body.abandon();
        RequestSink to = sink;
        if (!answering || to == null) {
            die();
        } else if (stream.headSent) {
            cutShort(to);
        } else {
            to.dispatchAborted();
        }
    }

    private void deliver(ByteBuf chunk, boolean end) {
        RequestSink to = sink;
        if (to == null) {
            chunk.release();
        } else {
            to.data(chunk, end);
        }
    }

    @Override
    public void body(ByteBuf chunk, boolean end) {
        if (end) {
            state = State.ANSWER;
        }
        deliver(chunk, end);
    }

    @Override
    public void trailerOctets(int octets) {
        stream.headBytesReceived += octets;
    }

    @Override
    public void trailers(Headers trailers) {
        state = State.ANSWER;
        RequestSink to = sink;
        if (to != null) {
            to.trailers(trailers);
        }
    }

    @Override
    public boolean halted() {
        return state != State.BODY;
    }

    // ---- from the response side -------------------------------------------------------------

    boolean isAnswering() {
        return answering;
    }

    void closeAfterResponse() {
        closing = true;
    }

    /** A response ahead of its request's end closes, as the rest of the request is not awaited. */
    boolean mustCloseAfterResponse() {
        return closing || draining || state != State.ANSWER;
    }

    void onRawAccepted() {
        rawAccepted = true;
        tellWaiting();
        if (held != null) {
            connection.worker().eventLoop().execute(resume);
        }
    }

    void onResponseSent() {
        queued.add();
        boolean close = closing || state != State.ANSWER || stream.sentShort();
        endStream();
        if (close) {
            die();
            return;
        }
        state = State.HEAD;
        begun = false;
        if (held != null && !pumping) {
            // Not from inside the receiver's call: it may still be working on the last response.
            connection.worker().eventLoop().execute(resume);
        }
    }

    private void endStream() {
        answering = false;
        stream.finish();
        if (headCharged > LARGE_HEAD) {
            // Not yet: the receiver looks at it for its log.
            connection.worker().eventLoop().execute(trim);
        }
        RequestSink to = sink;
        sink = null;
        if (to != null) {
            to.streamClosed();
        }
    }

    void onLocalReset() {
        if (!answering) {
            return;
        }
        endStream();
        die();
    }

    private void die() {
        state = State.DEAD;
        body.abandon();
        dropHeld();
        connection.close(CloseType.FLUSH_WRITE_AND_DELAY, null);
    }

    private void dropHeld() {
        if (held != null && !pumping) {
            drop();
            unhold();
        }
    }

    // ---- events -----------------------------------------------------------------------------

    @Override
    public void onClosed(ConnectionEvent event) {
        state = State.DEAD;
        body.abandon();
        dropHeld();
        if (!answering) {
            return;
        }
        answering = false;
        stream.finish();
        RequestSink to = sink;
        sink = null;
        if (to != null) {
            to.reset(ResetReason.CONNECTION_TERMINATION);
        }
    }

    @Override
    public void onAboveHighWatermark() {
        if (answering) {
            stream.aboveHighWatermark();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (answering) {
            stream.belowLowWatermark();
        }
    }
}
