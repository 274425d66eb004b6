package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.ServerHttpConnection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * The server side of an HTTP/2 connection. Sends its SETTINGS when made. Never closes the
 * connection itself: errors are told to the listener, which does.
 */
public final class Http2ServerCodec extends Http2Codec implements ServerHttpConnection {

    private final Listener listener;
    private boolean goneAway;
    private int lastAccepted = MAX_STREAM_ID;

    public Http2ServerCodec(Connection connection, Http2Options options, Listener listener) {
        this(connection, options, listener, CodecStats.NONE);
    }

    public Http2ServerCodec(
            Connection connection, Http2Options options, Listener listener, CodecStats stats) {
        super(connection, options, stats, true);
        this.listener = listener;
        stats.increment(Counter.HTTP2_NGHTTP2_DOWNSTREAM_CONNECTIONS);
        writePreface(false);
    }

    @Override
    public void shutdownNotice() {
        if (!dead && !goneAway) {
            stats.increment(Counter.HTTP2_GOAWAY_SENT);
            writer().goAway(MAX_STREAM_ID, Http2Error.NO_ERROR.code(), "");
        }
    }

    @Override
    public void goAway() {
        if (!dead && !goneAway) {
            goneAway = true;
            lastAccepted = lastPeerStream;
            stats.increment(Counter.HTTP2_GOAWAY_SENT);
            writer().goAway(lastAccepted, Http2Error.NO_ERROR.code(), "");
        }
    }

    @Override
    HeaderBlock.Kind kindOf(int streamId) {
        Http2Stream stream = streams.get(streamId);
        if (stream != null) {
            return HeaderBlock.Kind.REQUEST_TRAILERS;
        }
        return streamId > lastPeerStream && streamId <= lastAccepted
                ? HeaderBlock.Kind.REQUEST
                : HeaderBlock.Kind.IGNORED;
    }

    @Override
    void onResetRead() {
        if (!limits.reset(connection.worker().nanoTime())) {
            connectionError(Http2Error.INTERNAL_ERROR, Http2Details.PROTOCOL_ERROR, false);
        }
    }

    @Override
    boolean isIdle(int streamId) {
        return (streamId & 1) == 0 || streamId > lastPeerStream;
    }

    @Override
    void onHeaders(int id, boolean end) {
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            onTrailers(stream, end);
            return;
        }
        if ((id & 1) == 0) {
            connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            return;
        }
        if (id <= lastPeerStream) {
            if (!wasResetHere(id)) {
                connectionError(Http2Error.STREAM_CLOSED, Http2Details.PROTOCOL_ERROR, false);
            }
            return;
        }
        lastPeerStream = id;
        if (id > lastAccepted) {
            return;
        }
        if (streams.size() >= options.maxConcurrentStreams()) {
            onStreamBeyondLimit(id);
            return;
        }
        onRequest(id, end);
    }

    private void onStreamBeyondLimit(int id) {
        if (!limits.refusal()) {
            connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            return;
        }
        stats.increment(Counter.HTTP2_STREAM_REFUSED_ERRORS);
        refuse(id, Http2Error.REFUSED_STREAM);
    }

    private void onRequest(int id, boolean end) {
        Http2Stream stream = new Http2Stream(this);
        register(stream, id);
        keepalive.onStream();
        Headers headers = block.headers();
        stream.openAccount(headers);
        stream.headBytesReceived = block.wireOctets();
        stream.bytesReceived = stream.headBytesReceived;
        stream.headReceived = true;
        String wrong = block.error();
        if (wrong == null) {
            wrong = MessageRules.request(headers, options.allowConnect());
        }
        if (wrong == null) {
            wrong = bodyLength(stream, headers, end);
        }
        RequestSink sink = listener.onStream(stream);
        if (stream.closed) {
            return;
        }
        stream.sink = sink;
        if (wrong != null) {
            // As in Envoy, what is no message has no bytes.
            stream.headBytesReceived = 0;
            stream.bytesReceived = 0;
            onBadMessage(stream, wrong);
            return;
        }
        MessageRules.joinCookies(headers);
        stream.toHead = MessageRules.isHead(headers);
        stream.connect = MessageRules.isConnect(headers);
        stream.upgrade = MessageRules.requestToUpgrade(headers);
        stream.remoteEnd = end;
        sink.headers(headers, end);
        afterRemoteEnd(stream);
    }

    private static @Nullable String bodyLength(Http2Stream stream, Headers headers, boolean end) {
        long length = MessageRules.contentLength(headers);
        if (length == -2) {
            return Http2Details.INVALID_HEADER_FIELD;
        }
        if (end && length > 0) {
            return Http2Details.MESSAGING_RULE;
        }
        stream.bodyLeft = length;
        return null;
    }

    private void onTrailers(Http2Stream stream, boolean end) {
        if (stream.remoteEnd) {
            connectionError(Http2Error.STREAM_CLOSED, Http2Details.PROTOCOL_ERROR, false);
            return;
        }
        stats.increment(Counter.HTTP2_TRAILERS);
        String wrong = block.error();
        if (wrong == null && (!end || stream.bodyLeft > 0)) {
            wrong = Http2Details.MESSAGING_RULE;
        }
        if (wrong != null) {
            onBadMessage(stream, wrong);
            return;
        }
        stream.headBytesReceived += block.wireOctets();
        stream.bytesReceived += block.wireOctets();
        stream.remoteEnd = true;
        HttpSink sink = stream.sink;
        if (sink != null) {
            sink.trailers(block.headers());
        }
        afterRemoteEnd(stream);
    }

    @Override
    void onRemoteSettings(Http2Settings settings) {
        // A client's limits on pushed streams and header lists do not concern us.
    }

    @Override
    void onGoAway(int lastStream, long code) {
        Http2Log.goAway(connection.info(), lastStream, code);
        listener.onGoAway();
    }

    @Override
    Headers beforeHead(Http2Stream stream, Headers headers) {
        if (MessageRules.status(headers) < 0) {
            throw new IllegalArgumentException("response head without a valid :status");
        }
        return stream.upgrade == null ? headers : MessageRules.responseFromUpgrade(headers);
    }

    @Override
    boolean closesAtLocalEnd() {
        return true;
    }

    @Override
    void streamEnded(Http2Stream stream) {
        HttpSink sink = stream.sink;
        stream.sink = null;
        if (sink instanceof RequestSink request) {
            request.streamClosed();
        }
    }

    @Override
    long codeOf(ResetReason why) {
        Http2Error code =
                switch (why) {
                    case LOCAL_REFUSED_STREAM_RESET -> Http2Error.REFUSED_STREAM;
                    case CONNECT_ERROR -> Http2Error.CONNECT_ERROR;
                    case PROTOCOL_ERROR -> Http2Error.PROTOCOL_ERROR;
                    default -> Http2Error.INTERNAL_ERROR;
                };
        return code.code();
    }

    @Override
    void breaking() {
        listener.onBreaking();
    }

    @Override
    void tellConnectionError(String details, boolean flood) {
        listener.onConnectionError(details, flood);
    }
}
