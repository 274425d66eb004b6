package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.ServerHttpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both codecs, joined by the test. */
class Http2CodecTest {

    private final EmbeddedConnection serverWire = new EmbeddedConnection();
    private final EmbeddedConnection clientWire = new EmbeddedConnection();
    private final List<String> serverEvents = new ArrayList<>();
    private final List<String> clientEvents = new ArrayList<>();
    private final List<RecordingSink> requests = new ArrayList<>();
    private final List<HttpStream> responses = new ArrayList<>();
    private Http2ServerCodec server;
    private Http2ClientCodec client;
    private boolean byteByByte;

    static Http2Options options(
            boolean allowConnect, int window, int maxStreams, boolean streamError, long keepalive) {
        return new Http2Options(
                4096,
                maxStreams,
                window,
                Math.max(65535, window),
                allowConnect,
                false,
                10_000,
                1_000,
                1,
                100,
                10,
                1_000,
                33,
                streamError,
                keepalive,
                keepalive,
                0,
                0,
                Map.of(),
                UnderscoreAction.ALLOW,
                60,
                60,
                100,
                Http2Options.MAX_REQUESTS_PER_TURN);
    }

    private void start(Http2Options options) {
        server =
                new Http2ServerCodec(
                        serverWire.connection(),
                        options,
                        new ServerHttpConnection.Listener() {
                            @Override
                            public RequestSink onStream(HttpStream response) {
                                RecordingSink sink = new RecordingSink();
                                requests.add(sink);
                                responses.add(response);
                                return sink;
                            }

                            @Override
                            public void onGoAway() {
                                serverEvents.add("goaway");
                            }

                            @Override
                            public void onConnectionError(String details, boolean flood) {
                                serverEvents.add("error " + details + (flood ? " flood" : ""));
                            }
                        });
        serverWire.connection().handler(server);
        client =
                new Http2ClientCodec(
                        clientWire.connection(),
                        options,
                        new ClientHttpConnection.Listener() {
                            @Override
                            public void onGoAway() {
                                clientEvents.add("goaway");
                            }

                            @Override
                            public void onMaxConcurrentStreams(long max) {
                                clientEvents.add("max " + max);
                            }

                            @Override
                            public void onStreamEnd(HttpStream stream, boolean reusable) {
                                clientEvents.add("end " + stream.id());
                            }

                            @Override
                            public void onConnectionError(String details) {
                                clientEvents.add("error " + details);
                            }
                        });
        clientWire.connection().handler(client);
        exchange();
        clientEvents.clear();
    }

    /** Carries bytes to and fro until both sides are quiet. */
    private void exchange() {
        for (; ; ) {
            byte[] toServer = clientWire.written();
            byte[] toClient = serverWire.written();
            if (toServer.length == 0 && toClient.length == 0) {
                return;
            }
            carry(serverWire, toServer);
            carry(clientWire, toClient);
        }
    }

    private void carry(EmbeddedConnection to, byte[] bytes) {
        if (!byteByByte) {
            if (bytes.length > 0) {
                to.feed(bytes);
            }
            return;
        }
        for (byte octet : bytes) {
            to.feed(new byte[] {octet});
        }
    }

    static Headers get(String... more) {
        Headers head = new Headers();
        head.add(HeaderName.METHOD, "GET");
        head.add(HeaderName.SCHEME, "http");
        head.add(HeaderName.PATH, "/p");
        head.add(HeaderName.AUTHORITY, "h");
        for (int i = 0; i < more.length; i += 2) {
            head.add(HeaderName.of(more[i]), more[i + 1]);
        }
        return head;
    }

    static Headers status(String status, String... more) {
        Headers head = new Headers();
        head.add(HeaderName.STATUS, status);
        for (int i = 0; i < more.length; i += 2) {
            head.add(HeaderName.of(more[i]), more[i + 1]);
        }
        return head;
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private RecordingSink request(Headers head, boolean end) {
        RecordingSink sink = new RecordingSink();
        stream = client.newStream(sink);
        stream.headers(head, end);
        exchange();
        return sink;
    }

    private HttpStream stream;

    @AfterEach
    void nothingLeaks() {
        clientWire.finish();
        serverWire.finish();
        assertThat(clientWire.timers().pending()).isZero();
        assertThat(serverWire.timers().pending()).isZero();
    }

    @Test
    void carriesAnExchange() {
        exchangeBodies();
    }

    @Test
    void carriesAnExchangeByteByByte() {
        byteByByte = true;
        exchangeBodies();
    }

    private void exchangeBodies() {
        start(Http2Options.DEFAULTS);
        for (int i = 0; i < 3; i++) {
            RecordingSink response =
                    request(
                            get("x-a", "b", "cookie", "a=b", "cookie", "c=d", "te", "trailers"),
                            false);
            stream.data(bytes("ping"), false);
            Headers trailers = new Headers();
            trailers.add(HeaderName.of("x-t"), "1");
            stream.trailers(trailers);
            exchange();
            RecordingSink request = requests.get(i);
            assertThat(request.events).containsExactly("headers", "trailers");
            assertThat(request.body).hasToString("ping");
            assertThat(request.headers.get(HeaderName.COOKIE)).isEqualTo("a=b; c=d");
            assertThat(request.headers.get(HeaderName.TE)).isEqualTo("trailers");
            assertThat(request.trailers.toString()).isEqualTo("x-t: 1\n");
            responses.get(i).informational(status("103", "link", "x"));
            responses.get(i).headers(status("200", "server", "s", "connection", "close"), false);
            responses.get(i).data(bytes("pong"), true);
            exchange();
            assertThat(response.events).containsExactly("informational 103", "headers", "data end");
            assertThat(response.headers.toString()).isEqualTo(":status: 200\nserver: s\n");
            assertThat(response.body).hasToString("pong");
            assertThat(request.events).containsExactly("headers", "trailers", "closed");
            assertThat(clientEvents).hasSize(i + 1);
        }
        assertThat(server.activeStreams()).isZero();
        assertThat(client.activeStreams()).isZero();
    }

    @Test
    void movesLargeBodiesThroughSmallWindows() {
        start(options(false, 65535, 100, false, 0));
        RecordingSink response = request(get(), true);
        HttpStream out = responses.getFirst();
        out.headers(status("200"), false);
        String body = "0123456789".repeat(50_000);
        out.data(bytes(body), false);
        out.data(bytes("end"), true);
        exchange();
        assertThat(response.body).hasToString(body + "end");
        assertThat(out.wireBytesSent()).isGreaterThan(body.length());
        assertThat(stream.wireBytesReceived()).isGreaterThan(body.length());
    }

    @Test
    void aHeldInputStopsThePeerAndNothingElse() {
        start(options(false, 65535, 100, false, 0));
        RecordingSink held = request(get(), true);
        stream.input().hold();
        HttpStream heldStream = stream;
        List<String> marks = new ArrayList<>();
        HttpStream out = responses.getFirst();
        out.watermarks(
                new WatermarkListener() {
                    @Override
                    public void onAboveHighWatermark() {
                        marks.add("above");
                    }

                    @Override
                    public void onBelowLowWatermark() {
                        marks.add("below");
                    }
                });
        out.headers(status("200"), false);
        out.data(bytes("x".repeat(250_000)), true);
        exchange();
        assertThat(held.body.length()).isEqualTo(65535);
        assertThat(marks).containsExactly("above");
        heldStream.input().release();
        exchange();
        assertThat(held.body.length()).isEqualTo(250_000);
        assertThat(held.ended).isTrue();
        assertThat(marks).containsExactly("above", "below");
    }

    @Test
    void carriesStreamsSideBySide() {
        start(options(false, 16 * 1024 * 1024, 100, false, 0));
        RecordingSink first = request(get(), true);
        RecordingSink second = request(get(), true);
        for (HttpStream out : responses) {
            out.headers(status("200"), false);
            out.data(bytes("x".repeat(1_000_000)), true);
        }
        exchange();
        assertThat(first.body.length()).isEqualTo(1_000_000);
        assertThat(second.body.length()).isEqualTo(1_000_000);
    }

    @Test
    void translatesUpgradesAtTheEdges() {
        start(options(true, 65535, 100, false, 0));
        Headers head = get("connection", "Upgrade", "upgrade", "websocket");
        RecordingSink response = request(head, false);
        assertThat(head.get(HeaderName.METHOD)).isEqualTo("GET");
        Headers received = requests.getFirst().headers;
        assertThat(received.get(HeaderName.METHOD)).isEqualTo("GET");
        assertThat(received.get(HeaderName.UPGRADE)).isEqualTo("websocket");
        assertThat(received.get(HeaderName.CONNECTION)).isEqualTo("upgrade");
        assertThat(received.contains(HeaderName.PROTOCOL)).isFalse();
        HttpStream out = responses.getFirst();
        Headers answer = status("101", "connection", "upgrade", "upgrade", "websocket");
        out.headers(answer, false);
        exchange();
        assertThat(answer.get(HeaderName.STATUS)).isEqualTo("101");
        assertThat(response.headers.get(HeaderName.STATUS)).isEqualTo("101");
        assertThat(response.headers.get(HeaderName.UPGRADE)).isEqualTo("websocket");
        stream.data(bytes("raw"), false);
        exchange();
        out.data(bytes("war"), true);
        exchange();
        assertThat(requests.getFirst().body).hasToString("raw");
        assertThat(response.body).hasToString("war");
    }

    @Test
    void refusesUpgradesWhereConnectIsNotAllowed() {
        start(options(false, 65535, 100, true, 0));
        RecordingSink response = request(get("connection", "upgrade", "upgrade", "x"), false);
        assertThat(response.events).containsExactly("reset PROTOCOL_ERROR");
        assertThat(requests.getFirst().events).containsExactly("reset PROTOCOL_ERROR");
    }

    @Test
    void refusesStreamsBeyondTheLimit() {
        start(options(false, 65535, 2, false, 0));
        assertThat(client.maxConcurrentStreams()).isEqualTo(2);
        request(get(), true);
        request(get(), true);
        RecordingSink third = request(get(), true);
        assertThat(requests).hasSize(2);
        assertThat(third.events).containsExactly("reset REMOTE_REFUSED_STREAM_RESET");
        assertThat(stream.codecDetails()).isEqualTo("http2.remote_refuse");
    }

    @Test
    void anEarlyAnswerEndsTheStream() {
        start(Http2Options.DEFAULTS);
        RecordingSink response = request(get(), false);
        responses.getFirst().headers(status("413"), true);
        exchange();
        assertThat(response.events).containsExactly("headers end", "reset REMOTE_RESET_NO_ERROR");
        assertThat(requests.getFirst().events).containsExactly("headers", "closed");
        assertThat(serverEvents).isEmpty();
        assertThat(client.activeStreams()).isZero();
    }

    @Test
    void resetsReachTheOtherSide() {
        start(Http2Options.DEFAULTS);
        request(get(), false);
        stream.reset(ResetReason.LOCAL_RESET);
        exchange();
        assertThat(requests.getFirst().events).containsExactly("headers", "reset REMOTE_RESET");
        assertThat(responses.getFirst().codecDetails()).isEqualTo("http2.remote_reset");
        RecordingSink response = request(get(), true);
        responses.get(1).reset(ResetReason.LOCAL_REFUSED_STREAM_RESET);
        exchange();
        assertThat(response.events).containsExactly("reset REMOTE_REFUSED_STREAM_RESET");
        assertThat(clientEvents).containsExactly("end 1", "end 3");
    }

    @Test
    void goAwayLetsGoOnWhatIsInFlight() {
        start(Http2Options.DEFAULTS);
        RecordingSink response = request(get(), true);
        server.shutdownNotice();
        exchange();
        assertThat(clientEvents).containsExactly("goaway");
        server.goAway();
        exchange();
        responses.getFirst().headers(status("200"), true);
        exchange();
        assertThat(response.events).containsExactly("headers end");
    }

    @Test
    void refusesBrokenMessagesByStreamOrConnection() {
        start(options(false, 65535, 100, true, 0));
        RecordingSink first = request(get("content-length", "5"), true);
        assertThat(first.events).containsExactly("reset PROTOCOL_ERROR");
        assertThat(requests.getFirst().events).containsExactly("reset PROTOCOL_ERROR");
        assertThat(responses.getFirst().codecDetails())
                .isEqualTo("http2.violation.of.messaging.rule");
        request(get("x", "a\u0001b"), true);
        assertThat(responses.get(1).codecDetails()).isEqualTo("http2.invalid.header.field");
        assertThat(serverEvents).isEmpty();
    }

    @Test
    void demandsARootedPathOfHttpAlone() {
        start(options(false, 65535, 100, true, 0));
        Headers head = get();
        head.set(HeaderName.PATH, "http://a.test/x");
        head.set(HeaderName.SCHEME, "ftp");
        request(head, true);
        assertThat(requests.getFirst().events).containsExactly("headers end");
        Headers http = get();
        http.set(HeaderName.PATH, "http://a.test/x");
        request(http, true);
        assertThat(responses.get(1).codecDetails()).isEqualTo("http2.violation.of.messaging.rule");
    }

    @Test
    void aBrokenMessageClosesByDefault() {
        start(Http2Options.DEFAULTS);
        RecordingSink first = request(get("content-length", "5"), true);
        assertThat(serverEvents).containsExactly("error http2.violation.of.messaging.rule");
        assertThat(requests.getFirst().events).containsExactly("reset PROTOCOL_ERROR");
        assertThat(clientEvents).containsExactly("goaway");
        clientWire.disconnect();
        assertThat(first.events).containsExactly("reset CONNECTION_TERMINATION");
    }

    @Test
    void limitsHeaders() {
        start(Http2Options.DEFAULTS);
        Headers many = get();
        for (int i = 0; i < 100; i++) {
            many.add(HeaderName.COOKIE, "a=" + i);
        }
        assertThat(request(many, true).events).containsExactly("reset REMOTE_RESET");
        assertThat(responses.getFirst().codecDetails()).isEqualTo("http2.too_many_headers");
        assertThat(request(get("x", "y".repeat(62_000)), true).events)
                .containsExactly("reset REMOTE_RESET");
        assertThat(responses.get(1).codecDetails()).isEqualTo("http2.header_list_size_too_large");
        RecordingSink fine = request(get("x", "y".repeat(50_000)), true);
        responses.get(2).headers(status("200", "z", "w".repeat(40_000)), true);
        exchange();
        assertThat(fine.events).containsExactly("headers end");
        assertThat(serverEvents).isEmpty();
    }

    @Test
    void keepaliveGivesUpOnASilentPeer() {
        start(options(false, 65535, 100, false, 1000));
        clientWire.advance(1001);
        exchange();
        clientWire.advance(1100);
        exchange();
        assertThat(clientEvents).isEmpty();
        clientWire.written();
        clientWire.advance(1001);
        clientWire.written();
        clientWire.advance(1001);
        assertThat(clientEvents).containsExactly("error http2_ping_timeout");
    }

    @Test
    void closeResetsEveryStream() {
        start(Http2Options.DEFAULTS);
        RecordingSink response = request(get(), true);
        RecordingSink unopened = new RecordingSink();
        client.newStream(unopened);
        clientWire.disconnect();
        assertThat(response.events).containsExactly("reset CONNECTION_TERMINATION");
        assertThat(unopened.events).containsExactly("reset CONNECTION_TERMINATION");
    }
}
