package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client side of an HTTP/2 connection. Sends preface and SETTINGS when made. A stream gets its
 * id when its head is written, so ids rise on the wire whatever the order of {@link #newStream}.
 */
public final class Http2ClientCodec extends Http2Codec implements ClientHttpConnection {

    private final Listener listener;
    private final List<Http2Stream> unopened = new ArrayList<>();
    private int nextStream = 1;
    private long peerMaxStreams = Long.MAX_VALUE;
    private boolean peerGone;
    private boolean goneAway;

    public Http2ClientCodec(Connection connection, Http2Options options, Listener listener) {
        this(connection, options, listener, CodecStats.NONE);
    }

    public Http2ClientCodec(
            Connection connection, Http2Options options, Listener listener, CodecStats stats) {
        super(connection, options, stats, false);
        this.listener = listener;
        stats.increment(Counter.HTTP2_NGHTTP2_UPSTREAM_CONNECTIONS);
        ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
        connection.output(preface.readableBytes()).writeBytes(preface);
        writePreface(true);
    }

    @Override
    public HttpStream newStream(HttpSink response) {
        if (dead || peerGone) {
            throw new IllegalStateException("connection takes no more streams");
        }
        Http2Stream stream = new Http2Stream(this);
        stream.sink = response;
        unopened.add(stream);
        keepalive.onStream();
        return stream;
    }

    @Override
    public long maxConcurrentStreams() {
        return Math.min(options.maxConcurrentStreams(), peerMaxStreams);
    }

    @Override
    public void shutdownNotice() {
        goAway();
    }

    @Override
    public void goAway() {
        if (!dead && !goneAway) {
            goneAway = true;
            stats.increment(Counter.HTTP2_GOAWAY_SENT);
            writer().goAway(0, Http2Error.NO_ERROR.code(), "");
        }
    }

    @Override
    HeaderBlock.Kind kindOf(int streamId) {
        Http2Stream stream = streams.get(streamId);
        if (stream == null) {
            return HeaderBlock.Kind.IGNORED;
        }
        return stream.headReceived ? HeaderBlock.Kind.RESPONSE_TRAILERS : HeaderBlock.Kind.RESPONSE;
    }

    @Override
    boolean isIdle(int streamId) {
        return (streamId & 1) == 0 || streamId >= nextStream;
    }

    @Override
    Headers beforeHead(Http2Stream stream, Headers headers) {
        unopened.remove(stream);
        register(stream, nextStream);
        nextStream += 2;
        stream.toHead = MessageRules.isHead(headers);
        stream.connect = MessageRules.isConnect(headers);
        stream.upgrade = MessageRules.upgradeProtocol(headers);
        if (nextStream < 0 || nextStream >= MAX_STREAM_ID - 2) {
            // Ids are used up: this connection finishes what it has.
            peerGone = true;
            listener.onGoAway();
        }
        String protocol = stream.upgrade;
        return protocol == null ? headers : MessageRules.requestFromUpgrade(headers, protocol);
    }

    @Override
    void onHeaders(int id, boolean end) {
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            if (isIdle(id)) {
                connectionError(Http2Error.PROTOCOL_ERROR, Http2Details.PROTOCOL_ERROR, false);
            } else if (!wasResetHere(id)) {
                connectionError(Http2Error.STREAM_CLOSED, Http2Details.PROTOCOL_ERROR, false);
            }
            return;
        }
        int octets = block.wireOctets();
        stream.headBytesReceived += octets;
        stream.bytesReceived += octets;
        if (stream.remoteEnd) {
            connectionError(Http2Error.STREAM_CLOSED, Http2Details.PROTOCOL_ERROR, false);
        } else if (block.error() != null) {
            onBadMessage(stream, block.error());
        } else if (stream.headReceived) {
            onTrailers(stream, end);
        } else {
            onResponse(stream, block.headers(), end);
        }
    }

    private void onResponse(Http2Stream stream, Headers headers, boolean end) {
        HttpSink sink = stream.sink;
        int status = MessageRules.status(headers);
        if (status < 0 || status == 101 || sink == null) {
            onBadMessage(stream, Http2Details.MESSAGING_RULE);
            return;
        }
        if (status < 200) {
            if (end) {
                onBadMessage(stream, Http2Details.MESSAGING_RULE);
            } else {
                sink.informational(headers);
            }
            return;
        }
        String wrong = bodyLength(stream, headers, status, end);
        if (wrong != null) {
            onBadMessage(stream, wrong);
            return;
        }
        stream.headReceived = true;
        stream.remoteEnd = end;
        String upgrade = stream.upgrade;
        if (upgrade != null) {
            MessageRules.responseToUpgrade(headers, upgrade);
        }
        sink.headers(headers, end);
        afterRemoteEnd(stream);
    }

    private static @Nullable String bodyLength(
            Http2Stream stream, Headers headers, int status, boolean end) {
        long length = MessageRules.contentLength(headers);
        boolean bodyless = stream.toHead || status == 204 || status == 304;
        if (length == -2 || (status == 204 && length > 0)) {
            return Http2Details.MESSAGING_RULE;
        }
        if (status == 204) {
            // RFC 9110 section 8.6: must not be sent; a length of 0 is overlooked.
            headers.remove(HeaderName.CONTENT_LENGTH);
        }
        if (bodyless) {
            stream.bodyLeft = 0;
            return null;
        }
        if (stream.connect) {
            return null;
        }
        stream.bodyLeft = stream.upgrade == null ? length : -1;
        return end && length > 0 ? Http2Details.MESSAGING_RULE : null;
    }

    private void onTrailers(Http2Stream stream, boolean end) {
        HttpSink sink = stream.sink;
        if (!end || stream.bodyLeft > 0 || sink == null) {
            onBadMessage(stream, Http2Details.MESSAGING_RULE);
            return;
        }
        stream.remoteEnd = true;
        sink.trailers(block.headers());
        afterRemoteEnd(stream);
    }

    @Override
    void onRemoteSettings(Http2Settings settings) {
        Long max = settings.maxConcurrentStreams();
        if (max != null && max != peerMaxStreams) {
            peerMaxStreams = max;
            listener.onMaxConcurrentStreams(maxConcurrentStreams());
        }
    }

    /**
     * RFC 9113 section 6.8: streams above {@code lastStream} were not and will not be looked at.
     */
    @Override
    void onGoAway(int lastStream, long code) {
        peerGone = true;
        Http2Log.goAway(connection.info(), lastStream, code);
        for (Http2Stream stream : streams.values().toArray(new Http2Stream[0])) {
            if (stream.id > lastStream) {
                stream.details = Http2Details.REMOTE_REFUSE;
                tellReset(stream, ResetReason.REMOTE_REFUSED_STREAM_RESET);
            }
        }
        listener.onGoAway();
    }

    @Override
    boolean closesAtLocalEnd() {
        return false;
    }

    @Override
    void streamEnded(Http2Stream stream) {
        unopened.remove(stream);
        stream.sink = null;
        listener.onStreamEnd(stream, !peerGone && !dead);
    }

    @Override
    void noteReset(ResetReason why) {
        listener.onStreamReset(why);
    }

    @Override
    void resetDone(Http2Stream stream) {
        listener.onStreamEnd(stream, !peerGone && !dead);
    }

    @Override
    void resetUnopened(ResetReason why) {
        for (Http2Stream stream : unopened.toArray(new Http2Stream[0])) {
            unopened.remove(stream);
            tellReset(stream, why);
        }
    }

    @Override
    long codeOf(ResetReason why) {
        Http2Error code =
                switch (why) {
                    case LOCAL_REFUSED_STREAM_RESET -> Http2Error.REFUSED_STREAM;
                    case CONNECT_ERROR -> Http2Error.CONNECT_ERROR;
                    case PROTOCOL_ERROR -> Http2Error.PROTOCOL_ERROR;
                    case OVERLOAD_MANAGER -> Http2Error.CANCEL;
                    default -> Http2Error.INTERNAL_ERROR;
                };
        return code.code();
    }

    @Override
    void tellConnectionError(String details, boolean flood) {
        listener.onConnectionError(details);
    }
}
