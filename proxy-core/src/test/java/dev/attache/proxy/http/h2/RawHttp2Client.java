package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ServerHttpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A client that writes frame by frame what it likes, and the server codec that it talks to. */
abstract class RawHttp2Client implements ServerHttpConnection.Listener, CodecStats {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GO_AWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    final EmbeddedConnection wire = new EmbeddedConnection();
    final List<String> events = new ArrayList<>();
    final List<RecordingSink> requests = new ArrayList<>();
    final List<HttpStream> responses = new ArrayList<>();
    final Map<Counter, Integer> counters = new EnumMap<>(Counter.class);
    final DefaultHttp2HeadersEncoder hpack = new DefaultHttp2HeadersEncoder();
    final ByteBuf out = Unpooled.buffer();
    long streamsActive;
    long nanosPerRequest;

    void start(Http2Options options) {
        wire.connection().handler(new Http2ServerCodec(wire.connection(), options, this, this));
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        send();
        wire.written();
    }

    void start() {
        start(Http2Options.DEFAULTS);
    }

    static Http2Options options(UnderscoreAction underscores, boolean streamError) {
        return new Http2Options(
                4096,
                100,
                65535,
                65535,
                false,
                false,
                10_000,
                1_000,
                1,
                100,
                10,
                1_000,
                33,
                streamError,
                0,
                0,
                15,
                0,
                Map.of(),
                underscores,
                60,
                60,
                100,
                Http2Options.MAX_REQUESTS_PER_TURN);
    }

    @Override
    public RequestSink onStream(HttpStream response) {
        wire.pass(nanosPerRequest);
        RecordingSink sink = new RecordingSink();
        requests.add(sink);
        responses.add(response);
        return sink;
    }

    @Override
    public void onConnectionError(String details, boolean flood) {
        events.add(details + (flood ? " flood" : ""));
    }

    @Override
    public void increment(Counter counter) {
        counters.merge(counter, 1, Integer::sum);
    }

    @Override
    public void add(Gauge gauge, long delta) {
        streamsActive += delta;
    }

    void frame(int type, int flags, int stream, byte... payload) {
        out.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        out.writeBytes(payload);
    }

    byte[] block(String... fields) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        ByteBuf encoded = Unpooled.buffer();
        try {
            hpack.encodeHeaders(1, headers, encoded);
        } catch (io.netty.handler.codec.http2.Http2Exception e) {
            throw new AssertionError(e);
        }
        return ByteBufUtil.getBytes(encoded);
    }

    byte[] request(String... more) {
        String[] fields = new String[8 + more.length];
        String[] pseudo = {":method", "GET", ":scheme", "http", ":authority", "h", ":path", "/"};
        System.arraycopy(pseudo, 0, fields, 0, 8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return block(fields);
    }

    void get(int stream) {
        frame(HEADERS, END_HEADERS | END_STREAM, stream, request());
    }

    void send() {
        byte[] bytes = ByteBufUtil.getBytes(out);
        out.clear();
        if (wire.channel().isOpen()) {
            wire.feed(bytes);
        }
    }

    /** All that has been written in one read, of which the codec does one turn's share. */
    void sendInOneTurn() {
        byte[] bytes = ByteBufUtil.getBytes(out);
        out.clear();
        wire.feedInSameTurn(bytes);
    }

    static Headers block200() {
        Headers head = new Headers(MessagePart.RESPONSE, 32, 2);
        head.add(HeaderName.STATUS, "200");
        return head;
    }

    static ByteBuf body() {
        return Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII);
    }

    /** Type and error code of frames that we wrote: {@code RST 1 7}, {@code GOAWAY 1}. */
    List<String> answers() {
        ByteBuf in = Unpooled.wrappedBuffer(wire.written());
        List<String> seen = new ArrayList<>();
        while (in.isReadable()) {
            int length = in.readMedium();
            int type = in.readByte();
            in.readByte();
            int stream = in.readInt();
            ByteBuf payload = in.readSlice(length);
            if (type == RST_STREAM) {
                seen.add("RST " + stream + " " + payload.readInt());
            } else if (type == GO_AWAY) {
                payload.readInt();
                seen.add("GOAWAY " + payload.readInt());
            }
        }
        return seen;
    }

    @AfterEach
    void nothingLeaks() {
        hpack.close();
        wire.finish();
        assertThat(streamsActive).isZero();
    }
}
