package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ServerHttpConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that pipeline without end, and upstreams that answer what was not asked. */
class Http1FloodTest implements CodecStats, ServerHttpConnection.Listener {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final EmbeddedConnection wire = new EmbeddedConnection();
    private final List<RecordingSink> requests = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Map<Counter, Integer> counters = new EnumMap<>(Counter.class);

    private boolean failing;
    private long nanosPerRequest;

    private void serve() {
        wire.connection()
                .handler(
                        new Http1ServerCodec(wire.connection(), Http1Options.DEFAULTS, this, this));
    }

    @Override
    public RequestSink onStream(HttpStream response) {
        if (failing) {
            throw new IllegalStateException("as a defect would");
        }
        wire.pass(nanosPerRequest);
        RecordingSink sink = new RecordingSink();
        sink.onEnd =
                () -> {
                    Headers head = new Headers();
                    head.add(HeaderName.STATUS, "204");
                    response.headers(head, true);
                };
        requests.add(sink);
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
    public void add(Gauge gauge, long delta) {}

    @AfterEach
    void nothingLeaks() {
        wire.finish();
    }

    @Test
    void pipelinedRequestsAreAnsweredInTurns() {
        serve();
        wire.feedInSameTurn(GET.repeat(40).getBytes(StandardCharsets.US_ASCII));
        assertThat(requests).hasSize(Http2Options.MAX_REQUESTS_PER_TURN);
        wire.nextTurn();
        assertThat(requests).hasSize(2 * Http2Options.MAX_REQUESTS_PER_TURN);
        wire.nextTurn();
        assertThat(requests).hasSize(40);
        assertThat(wire.writtenText()).hasSize(40 * "HTTP/1.1 204 No Content\r\n\r\n".length());
    }

    @Test
    void pipelinedRequestsThatTakeLongAreFewerInATurn() {
        serve();
        nanosPerRequest = 100_000;
        wire.feedInSameTurn(GET.repeat(12).getBytes(StandardCharsets.US_ASCII));
        assertThat(requests).hasSize(5);
        wire.nextTurn();
        assertThat(requests).hasSize(10);
        wire.nextTurn();
        assertThat(requests).hasSize(12);
    }

    @Test
    void whatComesMeanwhileIsReadBehindWhatWaits() {
        serve();
        String all = GET.repeat(60);
        wire.feedInSameTurn(all.substring(0, 805).getBytes(StandardCharsets.US_ASCII));
        wire.feedInSameTurn(all.substring(805, 1303).getBytes(StandardCharsets.US_ASCII));
        wire.feedInSameTurn(all.substring(1303).getBytes(StandardCharsets.US_ASCII));
        assertThat(requests).hasSize(16);
        for (int i = 0; i < 4; i++) {
            wire.nextTurn();
        }
        assertThat(requests).hasSize(60);
        assertThat(wire.writtenText()).hasSize(60 * "HTTP/1.1 204 No Content\r\n\r\n".length());
        assertThat(events).isEmpty();
    }

    @Test
    void whatThrowsInALaterTurnEndsTheConnection() {
        serve();
        wire.feedInSameTurn(GET.repeat(40).getBytes(StandardCharsets.US_ASCII));
        failing = true;
        wire.nextTurn();
        assertThat(wire.channel().isOpen()).isFalse();
    }

    @Test
    void aClientThatLeavesItsResponsesUnread() {
        serve();
        wire.stopTaking();
        wire.feed(GET);
        wire.feed(GET);
        wire.feed(GET);
        assertThat(events).isEmpty();
        wire.feed(GET + GET);
        assertThat(events).containsExactly("codec_error:Too_many_responses_queued. flood");
        assertThat(counters).containsEntry(Counter.HTTP1_RESPONSE_FLOOD, 1);
        assertThat(requests).hasSize(4);
        assertThat(requests.getLast().events).containsExactly("reset PROTOCOL_ERROR");
    }

    @Test
    void aClientThatReadsMayPipelineForEver() {
        serve();
        for (int i = 0; i < 100; i++) {
            wire.feed(GET.repeat(5));
        }
        assertThat(requests).hasSize(500);
        assertThat(events).isEmpty();
    }

    @Test
    void anAnswerThatWasThereBeforeTheRequestLeft() {
        RecordingSink response = new RecordingSink();
        Http1ClientCodec codec =
                new Http1ClientCodec(
                        wire.connection(), Http1Options.UPSTREAM_DEFAULTS, new Pool(events));
        wire.connection().handler(codec);
        HttpStream stream = codec.newStream(response);
        Headers head = new Headers();
        head.add(HeaderName.METHOD, "GET");
        head.add(HeaderName.PATH, "/");
        head.add(HeaderName.SCHEME, "http");
        head.add(HeaderName.AUTHORITY, "h");
        stream.headers(head, true);
        wire.feedInSameTurn(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(response.events).containsExactly("reset PROTOCOL_ERROR");
        assertThat(events).containsExactly("end", "error http1.codec_error");
    }

    private record Pool(List<String> events) implements ClientHttpConnection.Listener {

        @Override
        public void onGoAway() {}

        @Override
        public void onMaxConcurrentStreams(long max) {}

        @Override
        public void onStreamEnd(HttpStream stream, boolean reusable) {
            events.add(reusable ? "reusable" : "end");
        }

        @Override
        public void onConnectionError(String details) {
            events.add("error " + details);
        }
    }
}
