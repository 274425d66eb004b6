package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ServerHttpConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What tests of the server side of HTTP/1 share: a wire, the codec, and the requests it gave. */
abstract class ServerCodecCases implements ServerHttpConnection.Listener {
    static final String OK = "HTTP/1.1 200 OK\r\n";

    final EmbeddedConnection wire = new EmbeddedConnection();
    final List<RecordingSink> requests = new ArrayList<>();
    Http1ServerCodec codec = codec(Http1Options.DEFAULTS);
    HttpStream stream;
    boolean answerAtEnd;

    Http1ServerCodec codec(Http1Options options) {
        codec = new Http1ServerCodec(wire.connection(), options, this);
        wire.connection().handler(codec);
        return codec;
    }

    static Http1Options options(
            boolean http10, HeaderKeyFormat format, boolean trailers, UnderscoreAction action) {
        return new Http1Options(
                true,
                http10,
                "default.host",
                format,
                trailers,
                false,
                false,
                false,
                false,
                false,
                List.of(),
                action,
                60,
                100,
                32);
    }

    @Override
    public RequestSink onStream(HttpStream response) {
        stream = response;
        RecordingSink sink = new RecordingSink();
        if (answerAtEnd) {
            sink.onEnd = () -> answer("200", true);
        }
        requests.add(sink);
        return sink;
    }

    @Override
    public void onConnectionError(String details, boolean flood) {
        throw new AssertionError(details);
    }

    void answer(String status, boolean end) {
        Headers head = new Headers();
        head.add(HeaderName.STATUS, status);
        stream.headers(head, end);
    }

    RecordingSink last() {
        return requests.getLast();
    }

    @AfterEach
    void nothingLeaks() {
        wire.finish();
        assertThat(wire.timers().pending()).isZero();
    }
}
