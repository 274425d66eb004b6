package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.ServerHttpConnection;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Frames that no decent peer sends, byte by byte as an attacker would write them. */
class Http2AttackTest extends RawHttp2Client {

    @Test
    void emptyDataFrames() {
        start();
        frame(HEADERS, END_HEADERS, 1, request());
        frame(DATA, 0, 1);
        send();
        assertThat(events).isEmpty();
        frame(DATA, 0, 1);
        send();
        assertThat(events).containsExactly("http2.inbound_empty_frames_flood flood");
        assertThat(counters).containsEntry(Counter.HTTP2_INBOUND_EMPTY_FRAMES_FLOOD, 1);
        assertThat(requests.getFirst().events).containsExactly("headers", "reset PROTOCOL_ERROR");
    }

    @Test
    void priorityFrames() {
        start();
        for (int i = 0; i < 100; i++) {
            frame(PRIORITY, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
        }
        send();
        assertThat(events).isEmpty();
        frame(PRIORITY, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
        send();
        assertThat(events).hasSize(1);
        assertThat(counters).containsEntry(Counter.HTTP2_INBOUND_PRIORITY_FRAMES_FLOOD, 1);
    }

    @Test
    void windowUpdates() {
        start();
        for (int i = 0; i < 6; i++) {
            frame(WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
        }
        send();
        assertThat(counters).containsEntry(Counter.HTTP2_INBOUND_WINDOW_UPDATE_FRAMES_FLOOD, 1);
        assertThat(events).hasSize(1);
    }

    @Test
    void pingsWhoseAnswersNobodyReads() {
        start();
        wire.stopTaking();
        for (int i = 0; i < 1001; i++) {
            frame(PING, 0, 0, new byte[8]);
        }
        send();
        assertThat(events)
                .containsExactly(
                        "codec_error:Too_many_control_frames_in_the_outbound_queue. flood");
        assertThat(counters).containsEntry(Counter.HTTP2_OUTBOUND_CONTROL_FLOOD, 1);
    }

    @Test
    void pingsThatAreReadAreFine() {
        start();
        for (int i = 0; i < 3000; i++) {
            frame(PING, 0, 0, new byte[8]);
            send();
            wire.written();
        }
        assertThat(events).isEmpty();
    }

    @Test
    void continuationsWithoutEnd() {
        start();
        frame(HEADERS, END_STREAM, 1, request());
        for (int i = 0; i < 600; i++) {
            frame(CONTINUATION, 0, 1);
        }
        send();
        assertThat(events).hasSize(1);
        assertThat(requests).isEmpty();
    }

    @Test
    void largeHeaderBlockByContinuation() {
        start();
        frame(HEADERS, END_STREAM, 1, request());
        for (int i = 0; i < 40; i++) {
            frame(CONTINUATION, 0, 1, new byte[16_000]);
            send();
        }
        assertThat(events).hasSize(1);
    }

    @Test
    void cookieBombCostsOneStream() {
        start();
        String[] cookies = new String[2 * 4000];
        for (int i = 0; i < cookies.length; i += 2) {
            cookies[i] = "cookie";
            cookies[i + 1] = "a=bbbbbbbbbbbbbb";
        }
        frame(HEADERS, END_HEADERS | END_STREAM, 1, request(cookies));
        get(3);
        send();
        assertThat(requests.get(0).events).containsExactly("reset REMOTE_RESET");
        assertThat(responses.get(0).codecDetails()).isEqualTo("http2.too_many_headers");
        assertThat(counters).containsEntry(Counter.HTTP2_HEADER_OVERFLOW, 1);
        assertThat(requests.get(1).events).containsExactly("headers end");
        assertThat(answers()).containsExactly("RST 1 2");
    }

    @Test
    void aSecondHostIsAnError() {
        start();
        frame(HEADERS, END_HEADERS | END_STREAM, 1, request("host", "x", "host", "x"));
        send();
        assertThat(responses.getFirst().codecDetails()).isEqualTo("http2.invalid.header.field");
    }

    @Test
    void resetsAreToldAndCounted() {
        start();
        for (int i = 0; i < 500; i++) {
            get(1 + 2 * i);
            frame(RST_STREAM, 0, 1 + 2 * i, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
        }
        send();
        assertThat(requests).hasSize(500);
        assertThat(requests.getLast().events).containsExactly("headers end", "reset REMOTE_RESET");
        assertThat(counters).containsEntry(Counter.HTTP2_RX_RESET, 500);
        assertThat(streamsActive).isZero();
    }

    @Test
    void streamsBeyondTheLimitAreRefused() {
        start(options(UnderscoreAction.ALLOW, false));
        for (int i = 0; i < 101; i++) {
            get(1 + 2 * i);
        }
        send();
        assertThat(requests).hasSize(100);
        assertThat(answers()).containsExactly("RST 201 7");
        assertThat(events).isEmpty();
    }

    @Test
    void headerFieldsThatMayNotBe() {
        String[][] bad = {
            {"Upper", "x"},
            {"connection", "close"},
            {"te", "gzip"},
            {"x", "a\r\nb"},
            {"x y", "z"},
            {"", "z"},
            {":foo", "x"},
            {":status", "200"},
            {"keep-alive", "1"},
            {"transfer-encoding", "chunked"},
            {"upgrade", "h2c"},
            {"x", "a\0b"},
        };
        start(options(UnderscoreAction.ALLOW, true));
        int stream = 1;
        for (String[] field : bad) {
            frame(HEADERS, END_HEADERS | END_STREAM, stream, request(field));
            send();
            assertThat(requests.getLast().events)
                    .as(field[0])
                    .containsExactly("reset PROTOCOL_ERROR");
            assertThat(responses.getLast().codecDetails()).isEqualTo("http2.invalid.header.field");
            stream += 2;
        }
        assertThat(events).isEmpty();
        assertThat(counters).containsEntry(Counter.HTTP2_RX_MESSAGING_ERROR, bad.length);
    }

    @Test
    void headsThatMayNotBe() {
        String[][] bad = {
            {":method", "GET", ":scheme", "http", ":authority", "h"},
            {":method", "GET", ":path", "/", ":authority", "h"},
            {":method", "GET", ":scheme", "http", ":path", "/"},
            {":scheme", "http", ":path", "/", ":authority", "h"},
            {":method", "GET", ":scheme", "http", ":path", "", ":authority", "h"},
            {":method", "GET", ":scheme", "http", ":path", "x", ":authority", "h"},
            {":method", "GET", ":scheme", "http", ":path", "/ HTTP/1.1", ":authority", "h"},
            {":method", "G T", ":scheme", "http", ":path", "/", ":authority", "h"},
            {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "h/x"},
            {":method", "CONNECT", ":scheme", "http", ":path", "/", ":authority", "h"},
            {":method", "CONNECT", ":protocol", "x", ":scheme", "http", ":path", "/"},
            {
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                "/",
                ":authority",
                "h",
                "content-length",
                "x"
            },
            {
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                "/",
                ":authority",
                "h",
                "content-length",
                "1"
            },
        };
        start(options(UnderscoreAction.ALLOW, true));
        int stream = 1;
        for (String[] head : bad) {
            frame(HEADERS, END_HEADERS | END_STREAM, stream, block(head));
            send();
            assertThat(requests.getLast().events)
                    .as(String.join(",", head))
                    .containsExactly("reset PROTOCOL_ERROR");
            stream += 2;
        }
    }

    @Test
    void bodiesThatDoNotFitTheirLength() {
        start(options(UnderscoreAction.ALLOW, true));
        frame(HEADERS, END_HEADERS, 1, request("content-length", "3"));
        frame(DATA, END_STREAM, 1, (byte) 1, (byte) 2);
        frame(HEADERS, END_HEADERS, 3, request("content-length", "3"));
        frame(DATA, 0, 3, new byte[4]);
        frame(HEADERS, END_HEADERS, 5, request("content-length", "3"));
        frame(DATA, 0, 5, new byte[2]);
        frame(HEADERS, END_HEADERS | END_STREAM, 5, block("x", "y"));
        frame(HEADERS, END_HEADERS, 7, request());
        frame(HEADERS, END_HEADERS, 7, block("x", "y"));
        send();
        assertThat(responses)
                .extracting(HttpStream::codecDetails)
                .containsExactly(
                        "http2.remote_reset",
                        "http2.remote_reset",
                        "http2.violation.of.messaging.rule",
                        "http2.violation.of.messaging.rule");
        assertThat(answers()).containsExactly("RST 1 1", "RST 3 1", "RST 5 1", "RST 7 1");
        // What was under way when the streams were reset is overlooked.
        frame(DATA, 0, 3, new byte[4]);
        frame(HEADERS, END_HEADERS | END_STREAM, 7, block("x", "y"));
        send();
        assertThat(events).isEmpty();
    }

    @Test
    void framesOnStreamsThatAreNotThere() {
        start();
        frame(DATA, END_STREAM, 1, new byte[1]);
        send();
        assertThat(events).containsExactly(Http2Details.PROTOCOL_ERROR);
        assertThat(answers()).containsExactly("GOAWAY 1");
    }

    @Test
    void evenStreamsAndPushes() {
        start();
        frame(HEADERS, END_HEADERS | END_STREAM, 2, request());
        send();
        assertThat(answers()).containsExactly("GOAWAY 1");
    }

    @Test
    void pushPromise() {
        start();
        get(1);
        frame(PUSH_PROMISE, END_HEADERS, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 2);
        send();
        assertThat(answers()).containsExactly("GOAWAY 1");
    }

    @Test
    void moreDataThanTheWindow() {
        start(options(UnderscoreAction.ALLOW, false));
        frame(HEADERS, END_HEADERS, 1, request());
        send();
        responses.getFirst().input().hold();
        for (int i = 0; i < 5; i++) {
            frame(DATA, 0, 1, new byte[16_000]);
        }
        send();
        assertThat(answers()).containsExactly("GOAWAY 3");
        assertThat(requests.getFirst().body.length()).isEqualTo(64_000);
    }

    @Test
    void somethingElseThanSettingsFirst() {
        wire.connection()
                .handler(
                        new Http2ServerCodec(wire.connection(), Http2Options.DEFAULTS, this, this));
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        get(1);
        send();
        assertThat(events).containsExactly(Http2Details.PROTOCOL_ERROR);
        assertThat(requests).isEmpty();
    }

    @Test
    void aPrefaceThatIsNone() {
        wire.connection()
                .handler(
                        new Http2ServerCodec(wire.connection(), Http2Options.DEFAULTS, this, this));
        wire.feed("GET / HTTP/1.1\r\n\r\n");
        assertThat(events).containsExactly(Http2Details.PROTOCOL_ERROR);
    }

    @Test
    void underscores() {
        start(options(UnderscoreAction.REJECT_REQUEST, false));
        frame(HEADERS, END_HEADERS | END_STREAM, 1, request("a_b", "c"));
        send();
        assertThat(responses.getFirst().codecDetails()).isEqualTo("http2.unexpected_underscore");
        assertThat(answers()).containsExactly("RST 1 2");
    }

    @Test
    void underscoresDropped() {
        start(options(UnderscoreAction.DROP_HEADER, false));
        frame(HEADERS, END_HEADERS | END_STREAM, 1, request("a_b", "c", "d", "e"));
        send();
        Headers headers = requests.getFirst().headers;
        assertThat(headers.contains(HeaderName.of("a_b"))).isFalse();
        assertThat(headers.get(HeaderName.of("d"))).isEqualTo("e");
    }

    @Test
    void afterGoAwayNewStreamsAreOverlooked() {
        start();
        get(1);
        send();
        ((ServerHttpConnection) responses.getFirst().connection()).goAway();
        get(3);
        send();
        assertThat(requests).hasSize(1);
        assertThat(events).isEmpty();
    }
}
