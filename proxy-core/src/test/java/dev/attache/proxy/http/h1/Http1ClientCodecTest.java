package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.ResetReason;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ClientCodecTest implements ClientHttpConnection.Listener {

    private final EmbeddedConnection wire = new EmbeddedConnection();
    private final List<String> events = new ArrayList<>();
    private final Http1ClientCodec codec =
            new Http1ClientCodec(wire.connection(), Http1Options.DEFAULTS, this);
    private RecordingSink sink = new RecordingSink();
    private HttpStream stream;

    Http1ClientCodecTest() {
        wire.connection().handler(codec);
    }

    @Override
    public void onGoAway() {
        events.add("goaway");
    }

    @Override
    public void onMaxConcurrentStreams(long max) {
        events.add("max " + max);
    }

    @Override
    public void onStreamEnd(HttpStream ended, boolean reusable) {
        events.add(reusable ? "reusable" : "used up");
    }

    @Override
    public void onConnectionError(String details) {
        events.add("error " + details);
    }

    private static Headers head(String method, String... more) {
        Headers head = new Headers();
        head.add(HeaderName.METHOD, method);
        head.add(HeaderName.PATH, "/p");
        head.add(HeaderName.SCHEME, "http");
        head.add(HeaderName.AUTHORITY, "h");
        for (int i = 0; i < more.length; i += 2) {
            head.add(HeaderName.of(more[i]), more[i + 1]);
        }
        return head;
    }

    private void request(Headers head, boolean end) {
        sink = new RecordingSink();
        events.clear();
        stream = codec.newStream(sink);
        stream.headers(head, end);
    }

    @AfterEach
    void nothingLeaks() {
        wire.finish();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsAndReceivesInTurn(boolean byteByByte) {
        String response =
                "HTTP/1.1 103 Unknown\r\nlink: x\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello";
        for (int i = 0; i < 3; i++) {
            request(head("GET"), true);
            assertThat(wire.writtenText()).isEqualTo("GET /p HTTP/1.1\r\nhost: h\r\n\r\n");
            if (byteByByte) {
                wire.feedByteByByte(response);
            } else {
                wire.feed(response);
            }
            assertThat(sink.events).containsExactly("informational 103", "headers", "data end");
            assertThat(sink.headers.toString())
                    .isEqualTo(":status: 200\ncontent-length: 5\nx-a: b\n");
            assertThat(sink.body).hasToString("hello");
            assertThat(events).containsExactly("reusable");
            assertThat(stream.wireBytesReceived()).isEqualTo(response.length());
        }
    }

    /** Heads of a connection are alike: what lies behind one takes no room in the next. */
    @Test
    void aHeadTakesNoMemoryForTheBodyBehindIt() {
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(4000);
        for (int i = 0; i < 2; i++) {
            request(head("GET"), true);
            wire.feed(response);
            assertThat(sink.body.length()).isEqualTo(4000);
        }
        assertThat(sink.headers.room()).isLessThan(200);
    }

    @Test
    void aValveKeptFromOneExchangeDoesNotTouchTheNext() {
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        request(head("GET"), true);
        Valve first = stream.input();
        first.hold();
        wire.feed(response);
        request(head("GET"), true);
        Valve second = stream.input();
        second.hold();
        first.release();
        first.hold();
        assertThat(second).isNotSameAs(first);
        second.release();
        wire.feed(response);
        assertThat(sink.events).containsExactly("headers", "data end");
        assertThat(stream.input()).isSameAs(Valve.NONE);
    }

    @Test
    void aRequestCutShortIsResetAndDoesNotWait() {
        request(head("POST", "content-length", "5"), false);
        stream.data(Unpooled.copiedBuffer("abc", StandardCharsets.ISO_8859_1), true);
        assertThat(sink.events).containsExactly("reset LOCAL_RESET");
        assertThat(events).containsExactly("used up");
    }

    @Test
    void framesRequests() {
        request(head("POST"), true);
        assertThat(wire.writtenText())
                .isEqualTo("POST /p HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n");
        wire.feed("HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(events).containsExactly("reusable");
        request(head("POST"), false);
        stream.data(Unpooled.copiedBuffer("abc", StandardCharsets.US_ASCII), false);
        stream.data(Unpooled.EMPTY_BUFFER, true);
        assertThat(wire.writtenText())
                .isEqualTo(
                        "POST /p HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"
                                + "3\r\nabc\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "HTTP/1.1 200 OK\\nContent-Length: 0\\n\\n;headers end;reusable",
                "HTTP/1.1 200\\nContent-Length: 0\\n\\n;headers end;reusable",
                "HTTP/1.1 304 Not Modified\\nContent-Length: 5\\n\\n;headers end;reusable",
                "HTTP/1.1 200 OK\\nContent-Length: 0\\nConnection: close\\n\\n;headers end;used up",
                "HTTP/1.0 200 OK\\nContent-Length: 0\\n\\n;headers end;used up",
                "HTTP/1.0 200 OK\\nContent-Length: 0\\nConnection: keep-alive\\n\\n;headers"
                        + " end;reusable",
                "HTTP/1.1 200 OK\\nContent-Length: 0\\n\\nX;headers end;"
                        + "used up,error http1.codec_error",
                "HTTP/1.1 200 OK\\nTransfer-Encoding: chunked\\n\\n0\\n\\n;headers,data"
                        + " end;reusable",
                "HTTP/1.1 204 No Content\\nContent-Length: 0\\n\\n;headers end;reusable",
            })
    void decidesReuse(String escaped, String expected, String verdict) {
        request(head("GET"), true);
        wire.feed(escaped.replace("\\n", "\r\n"));
        assertThat(String.join(",", sink.events)).isEqualTo(expected);
        assertThat(String.join(",", events)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "HTTP/1.1 204 No Content\\nContent-Length:"
                        + " 1\\n\\n;http1.content_length_not_allowed",
                "HTTP/1.1 204 No\\nTransfer-Encoding:"
                        + " chunked\\n\\n;http1.transfer_encoding_not_allowed",
                "HTTP/1.1 200 OK\\nContent-Length: 1\\nTransfer-Encoding: chunked\\n\\n"
                        + ";http1.content_length_and_chunked_not_allowed",
                "HTTP/1.1 200 OK\\nContent-Length: 1\\nContent-Length: 2\\n\\n;http1.codec_error",
                "HTTP/1.1 101 Switching Protocols\\n\\n;http1.codec_error",
                "HTTP/2.0 200 OK\\n\\n;http1.codec_error",
                "HTTP/1.1 20 OK\\n\\n;http1.codec_error",
                "HTTP/1.1 2000 OK\\n\\n;http1.codec_error",
                "garbage\\n\\n;http1.codec_error",
                "HTTP/1.1 200 OK\\nFoo bar\\n\\n;http1.codec_error",
                "HTTP/1.1 200 OK\\nTransfer-Encoding: gzip\\n\\n;http1.invalid_transfer_encoding",
            })
    void refusesBadResponses(String escaped, String details) {
        request(head("GET"), true);
        wire.feed(escaped.replace("\\n", "\r\n"));
        assertThat(sink.events).containsExactly("reset PROTOCOL_ERROR");
        assertThat(events).containsExactly("used up", "error " + details);
        assertThat(stream.codecDetails()).isEqualTo(details);
    }

    @Test
    void headResponsesHaveNoBodyAndStayPaired() {
        request(head("HEAD"), true);
        wire.feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        assertThat(sink.events).containsExactly("informational 100", "headers end");
        assertThat(events).containsExactly("reusable");
        request(head("GET"), true);
        wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(sink.body).hasToString("hi");
    }

    @Test
    void aBodyWithoutLengthEndsWithTheConnection() {
        request(head("GET"), true);
        wire.feed("HTTP/1.1 200 OK\r\n\r\nabc");
        wire.feed("def");
        assertThat(sink.ended).isFalse();
        wire.disconnect();
        assertThat(sink.body).hasToString("abcdef");
        assertThat(sink.events).containsExactly("headers", "data end");
        assertThat(events).containsExactly("used up");
    }

    @Test
    void aCutBodyIsAReset() {
        request(head("GET"), true);
        wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");
        wire.disconnect();
        assertThat(sink.events).containsExactly("headers", "reset PROTOCOL_ERROR");
        assertThat(events).containsExactly("used up", "error http1.codec_error");
    }

    @Test
    void aCutHeadIsAProtocolError() {
        request(head("GET"), true);
        wire.feed("HTTP/1.1 2");
        wire.disconnect();
        assertThat(sink.events).containsExactly("reset PROTOCOL_ERROR");
    }

    @Test
    void noAnswerAtAllIsATermination() {
        request(head("GET"), true);
        wire.disconnect();
        assertThat(sink.events).containsExactly("reset CONNECTION_TERMINATION");
        assertThat(events).containsExactly("used up");
    }

    @Test
    void anEarlyResponseUsesTheConnectionUp() {
        request(head("POST"), false);
        wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertThat(events).containsExactly("used up");
        stream.data(Unpooled.directBuffer(1).writeByte(1), true);
        assertThatThrownBy(() -> codec.newStream(sink)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void bytesOnAnIdleConnectionAreAnError() {
        wire.feed("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
        assertThat(events).containsExactly("error http1.codec_error");
    }

    @Test
    void upgradesPassRaw() {
        request(head("GET", "connection", "upgrade", "upgrade", "websocket"), false);
        assertThat(wire.writtenText())
                .isEqualTo(
                        "GET /p HTTP/1.1\r\nhost: h\r\nconnection: upgrade\r\n"
                                + "upgrade: websocket\r\n\r\n");
        wire.feed(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n"
                        + "Upgrade: websocket\r\n\r\nraw");
        stream.data(Unpooled.copiedBuffer("out", StandardCharsets.US_ASCII), false);
        assertThat(wire.writtenText()).isEqualTo("out");
        assertThat(sink.body).hasToString("raw");
        wire.disconnect();
        assertThat(sink.events).containsExactly("headers", "reset CONNECTION_TERMINATION");
    }

    @Test
    void connectTunnels() {
        Headers head = new Headers();
        head.add(HeaderName.METHOD, "CONNECT");
        head.add(HeaderName.AUTHORITY, "h:80");
        request(head, false);
        assertThat(wire.writtenText()).isEqualTo("CONNECT h:80 HTTP/1.1\r\nhost: h:80\r\n\r\n");
        wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef");
        assertThat(sink.body).hasToString("abcdef");
        stream.data(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII), false);
        assertThat(wire.writtenText()).isEqualTo("x");
    }

    @Test
    void resetClosesTheConnection() {
        request(head("GET"), true);
        stream.reset(ResetReason.LOCAL_RESET);
        assertThat(events).containsExactly("used up");
        assertThat(sink.events).isEmpty();
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void theRequestLineCannotBeBroken() {
        Headers head = new Headers();
        head.add(HeaderName.METHOD, "GET");
        head.add(HeaderName.PATH, "/ HTTP/1.1\r\nx: y");
        head.add(HeaderName.AUTHORITY, "h");
        request(head, true);
        assertThat(wire.writtenText())
                .isEqualTo("GET /_HTTP/1.1__x:_y HTTP/1.1\r\nhost: h\r\n\r\n");
    }

    @Test
    void largeHeadsAreRefused() {
        request(head("GET"), true);
        wire.feed("HTTP/1.1 200 OK\r\nA: " + "x".repeat(70_000) + "\r\n\r\n");
        assertThat(stream.codecDetails()).isEqualTo("http1.headers_too_large");
    }
}
