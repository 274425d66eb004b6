package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ServerHttpConnection;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Whatever frames come, to either side: no exception, no leak, no stream and no timer left. */
@Tag("wire")
class Http2FuzzTest {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                    .getBytes(StandardCharsets.ISO_8859_1);

    @FuzzTest
    void serverSurvives(byte[] frames) {
        String whole = server(frames, Math.max(1, frames.length));
        assertThat(server(frames, 3)).isEqualTo(whole);
    }

    private static String server(byte[] frames, int piece) {
        EmbeddedConnection wire = new EmbeddedConnection();
        List<String> events = new ArrayList<>();
        List<RecordingSink> sinks = new ArrayList<>();
        ServerHttpConnection.Listener listener =
                new ServerHttpConnection.Listener() {
                    @Override
                    public RequestSink onStream(HttpStream response) {
                        RecordingSink sink = new RecordingSink();
                        sink.onEnd = () -> answer(response);
                        sinks.add(sink);
                        return sink;
                    }

                    @Override
                    public void onConnectionError(String details, boolean flood) {
                        events.add(details);
                    }
                };
        Http2ServerCodec codec =
                new Http2ServerCodec(wire.connection(), Http2Options.DEFAULTS, listener);
        wire.connection().handler(codec);
        wire.feed(PREFACE);
        feed(wire, frames, piece);
        wire.finish();
        assertThat(codec.activeStreams()).isZero();
        assertThat(wire.timers().pending()).isZero();
        for (RecordingSink sink : sinks) {
            events.add(sink.events + " " + sink.body);
        }
        return events.toString();
    }

    private static void answer(HttpStream response) {
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "200");
        response.headers(head, false);
        response.data(Unpooled.wrappedBuffer(new byte[100]), true);
    }

    private static void feed(EmbeddedConnection wire, byte[] bytes, int piece) {
        for (int i = 0; i < bytes.length && wire.channel().isOpen(); i += piece) {
            wire.feed(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)));
        }
    }

    @FuzzTest
    void clientSurvives(byte[] frames) {
        EmbeddedConnection wire = new EmbeddedConnection();
        RecordingSink sink = new RecordingSink();
        Http2ClientCodec codec =
                new Http2ClientCodec(wire.connection(), Http2Options.DEFAULTS, new Quiet());
        wire.connection().handler(codec);
        HttpStream stream = codec.newStream(sink);
        stream.headers(Http2CodecTest.get(), false);
        wire.feed(Arrays.copyOfRange(PREFACE, 24, PREFACE.length));
        feed(wire, frames, Math.max(1, frames.length));
        stream.data(Unpooled.wrappedBuffer(new byte[10]), true);
        feed(wire, frames, 5);
        wire.finish();
        assertThat(codec.activeStreams()).isZero();
        assertThat(sink.events.stream().filter(e -> e.startsWith("reset")).count()).isLessThan(2);
    }

    private static final class Quiet implements ClientHttpConnection.Listener {
        @Override
        public void onGoAway() {}

        @Override
        public void onMaxConcurrentStreams(long max) {}

        @Override
        public void onStreamEnd(HttpStream stream, boolean reusable) {}

        @Override
        public void onConnectionError(String details) {}
    }
}
