package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How the server side answers, what waits meanwhile, and how it ends. */
class Http1ServerCodecTest extends ServerCodecCases {
    @Test
    void holdsPipelinedRequestsAndStopsReading() {
        wire.feed("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(requests).hasSize(1);
        assertThat(wire.channel().config().isAutoRead()).isFalse();
        answer("200", true);
        wire.written();
        assertThat(requests).hasSize(2);
        assertThat(wire.channel().config().isAutoRead()).isTrue();
        answer("200", true);
        assertThat(last().headers.get(HeaderName.PATH)).isEqualTo("/2");
    }

    @Test
    void closesAfterAnAnswerAheadOfTheRequest() {
        wire.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
        answer("413", true);
        assertThat(wire.writtenText())
                .isEqualTo(
                        "HTTP/1.1 413 Payload Too Large\r\n"
                                + "connection: close\r\ncontent-length: 0\r\n\r\n");
        assertThat(wire.isClosing()).isTrue();
        assertThat(last().events).containsExactly("headers", "closed");
    }

    @Test
    void writesChunksAndTrailers() {
        codec(options(false, HeaderKeyFormat.LOWER_CASE, true, UnderscoreAction.ALLOW));
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        answer("200", false);
        stream.data(Unpooled.copiedBuffer("0123456789abcdef", StandardCharsets.US_ASCII), false);
        stream.data(Unpooled.EMPTY_BUFFER, false);
        Headers trailers = new Headers();
        trailers.add(HeaderName.GRPC_STATUS, "0");
        stream.trailers(trailers);
        String expected =
                OK
                        + "transfer-encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n"
                        + "0\r\ngrpc-status: 0\r\n\r\n";
        assertThat(wire.writtenText()).isEqualTo(expected);
        assertThat(stream.wireBytesSent()).isEqualTo(expected.length());
    }

    @Test
    void readsTrailersWhereEnabled() {
        codec(options(false, HeaderKeyFormat.LOWER_CASE, true, UnderscoreAction.ALLOW));
        wire.feed(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "1\r\nx\r\n0\r\nHost: b\r\nFoo: bar\r\n\r\n");
        assertThat(last().events).containsExactly("headers", "trailers");
        assertThat(last().trailers.toString()).isEqualTo("host: b\nfoo: bar\n");
    }

    @Test
    void headGetsNoBody() {
        wire.feed("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "200");
        head.add(HeaderName.CONTENT_LENGTH, "5");
        stream.headers(head, false);
        stream.data(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII), true);
        assertThat(wire.writtenText()).isEqualTo(OK + "content-length: 5\r\n\r\n");
        assertThat(wire.isClosing()).isFalse();
    }

    @Test
    void neverSendsMoreOrLessThanAnnounced() {
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "200");
        head.add(HeaderName.CONTENT_LENGTH, "3");
        stream.headers(head, false);
        stream.data(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII), true);
        assertThat(wire.writtenText()).endsWith("\r\n\r\nhel");
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        stream.headers(head, true);
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void http10ClosesUnlessAskedToKeepAlive() {
        codec(options(true, HeaderKeyFormat.LOWER_CASE, false, UnderscoreAction.ALLOW));
        wire.feed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(last().headers.get(HeaderName.AUTHORITY)).isEqualTo("default.host");
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "200");
        head.add(HeaderName.CONTENT_LENGTH, "0");
        stream.headers(head, true);
        assertThat(wire.writtenText())
                .isEqualTo(
                        "HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n");
        wire.feed("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        answer("200", false);
        stream.data(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII), true);
        assertThat(wire.writtenText()).isEqualTo("HTTP/1.0 200 OK\r\nconnection: close\r\n\r\nx");
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void upgradePassesBytesOnlyOnceAccepted() {
        wire.feed(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                        + "earl");
        assertThat(last().events).containsExactly("headers");
        assertThat(last().body).isEmpty();
        assertThat(last().waiting).isEqualTo(4);
        wire.feed("ier");
        assertThat(last().waiting).isEqualTo(7);
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "101");
        head.add(HeaderName.CONNECTION, "Upgrade");
        head.add(HeaderName.UPGRADE, "websocket");
        stream.headers(head, false);
        assertThat(wire.writtenText())
                .isEqualTo(
                        "HTTP/1.1 101 Switching Protocols\r\n"
                                + "connection: Upgrade\r\nupgrade: websocket\r\n\r\n");
        assertThat(last().body).hasToString("earlier");
        assertThat(last().waiting).isZero();
        wire.feed("GET /smuggled HTTP/1.1\r\n\r\n");
        assertThat(requests).hasSize(1);
        stream.data(Unpooled.copiedBuffer("raw", StandardCharsets.US_ASCII), true);
        assertThat(wire.writtenText()).isEqualTo("raw");
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void refusedUpgradeNeverReadsWhatFollowed() {
        wire.feed(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                        + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        answer("403", true);
        assertThat(wire.writtenText())
                .isEqualTo(
                        "HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        assertThat(requests).hasSize(1);
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void h2cUpgradeIsServedAsHttp1() {
        wire.feed(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n");
        assertThat(last().events).containsExactly("headers end");
        assertThat(last().headers.toString()).isEqualTo(":method: GET\n:path: /\n:authority: a\n");
        answer("200", true);
    }

    @Test
    void nominatedFieldsGo() {
        wire.feed(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: te, sam, close\r\nTE: gzip, trailers\r\n"
                        + "Sam: x\r\nOther: y\r\n\r\n");
        assertThat(last().headers.toString())
                .isEqualTo(
                        ":method: GET\n:path: /\n:authority: a\nconnection: te,close\n"
                                + "te: trailers\nother: y\n");
    }

    @Test
    void underscoresAreDroppedOrRefused() {
        codec(options(false, HeaderKeyFormat.LOWER_CASE, false, UnderscoreAction.DROP_HEADER));
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\na_b: 1\r\n folded\r\nc: 2\r\n\r\n");
        assertThat(last().headers.toString())
                .isEqualTo(":method: GET\n:path: /\n:authority: a\nc: 2\n");
        answer("200", true);
        codec(options(false, HeaderKeyFormat.LOWER_CASE, false, UnderscoreAction.REJECT_REQUEST));
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\na_b: 1\r\n\r\n");
        assertThat(last().events).containsExactly("error 400 http1.unexpected_underscore");
    }

    @Test
    void spellsNamesAsAsked() {
        codec(options(false, HeaderKeyFormat.PROPER_CASE_WORDS, false, UnderscoreAction.ALLOW));
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "200");
        head.add(HeaderName.of("x-fo0-bar"), "1");
        stream.headers(head, true);
        assertThat(wire.writtenText()).isEqualTo(OK + "X-Fo0-Bar: 1\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void valuesCannotBreakLines() {
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "200");
        head.add(HeaderName.LOCATION, "/\r\nset-cookie: x");
        stream.headers(head, true);
        assertThat(wire.writtenText()).contains("location: /  set-cookie: x\r\n");
    }

    @Test
    void informationalHeadsPrecedeTheResponse() {
        wire.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
        Headers interim = new Headers();
        interim.add(HeaderName.STATUS, "100");
        stream.informational(interim);
        wire.feed("x");
        answer("200", true);
        assertThat(wire.writtenText())
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n" + OK + "content-length: 0\r\n\r\n");
    }

    @Test
    void tellsTheRequestWhenThePeerGoes() {
        wire.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
        wire.disconnect();
        assertThat(last().events).containsExactly("headers", "reset CONNECTION_TERMINATION");
        stream.data(Unpooled.directBuffer(1).writeByte(1), true);
    }

    @Test
    void gathersTinyChunks() {
        wire.feed(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "1\r\nx\r\n".repeat(1000)
                        + "0\r\n\r\n");
        assertThat(last().body).hasToString("x".repeat(1000));
        assertThat(last().dataCalls).isEqualTo(1);
        answer("200", true);
    }

    @Test
    void extensionsOfChunksHaveALimit() {
        String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        wire.feed(head + "1;" + "e".repeat(4000) + "\r\nx\r\n0\r\n\r\n");
        assertThat(last().body).hasToString("x");
        answer("200", true);
        wire.feed(head + "1;" + "e".repeat(5000) + "\r\nx\r\n0\r\n\r\n");
        assertThat(last().body).isEmpty();
        assertThat(last().events).anyMatch(event -> event.startsWith("error 400 "));
    }

    @Test
    void shutdownNoticeClosesAfterTheCurrentRequest() {
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        codec.shutdownNotice();
        answer("200", true);
        assertThat(wire.writtenText()).contains("connection: close");
        assertThat(wire.isClosing()).isTrue();
    }
}
