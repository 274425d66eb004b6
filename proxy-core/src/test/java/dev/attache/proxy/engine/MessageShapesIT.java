package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that a filter gives another shape, on the wire: HTTP/1 on both sides, and HTTP/2. */
class MessageShapesIT {

    private static final String WITHOUT_BODY = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    private static final String WITH_BODY = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody";

    private final HttpFixture fixture = new HttpFixture();
    private @Nullable RawUpstream upstream;
    private int port;

    private RawUpstream serve(String answer) throws IOException {
        RawUpstream served = new RawUpstream(answer);
        upstream = served;
        fixture.cluster(ClusterSpec.named("up"), served.port());
        port =
                fixture.serve(
                        HttpFixture.manager(
                                HttpFixture.table(
                                        HttpFixture.route("/", HttpFixture.forward("up", 0, null))),
                                List.of(
                                        new FilterEntry("shaper", new Shaper(), false),
                                        new FilterEntry("router", RouterSpec.DEFAULTS, false))));
        return served;
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(
                () -> fixture.stats.gauge("http.web.downstream_rq_active").value() == 0,
                "no stream is active");
        Awaiting.until(
                () -> fixture.stats.gauge("cluster.up.upstream_rq_active").value() == 0,
                "no request is under way");
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
        if (upstream != null) {
            upstream.close();
        }
    }

    /** What an HTTP/1 client, an HTTP/2 client and the upstream see of each shape. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "response-body    | false | added    | Hadded.",
                "response-none    | true  | ''       | H.",
                "response-replace | true  | [body]   | H[body].",
                "response-whole   | true  | =6,[body]| H[body].",
                "response-early   | true  | body     | Hbody.",
                "response-append  | true  | bodyadded| Hbodyadded.",
                "response-trailers| true  | body     | HbodyT."
            })
    void responses(String shape, boolean body, String http1, String http2) throws Exception {
        serve(body ? WITH_BODY : WITHOUT_BODY);
        String path = "/" + shape.strip();
        String answer =
                RawClient.exchange(
                        port, "GET " + path + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        String received = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        if (http1.startsWith("=")) {
            assertThat(answer).contains("content-length: " + http1.charAt(1) + "\r\n");
            assertThat(received).isEqualTo(http1.substring(3));
        } else if (http1.isEmpty()) {
            assertThat(received).isEmpty();
            assertThat(answer).contains("content-length: 0\r\n");
        } else {
            assertThat(answer)
                    .contains("transfer-encoding: chunked\r\n")
                    .doesNotContain("content-length");
            // HTTP/1 drops trailers unless told to keep them.
            assertThat(ofChunks(received)).isEqualTo(http1);
        }
        try (RawHttp2 client = new RawHttp2(port)) {
            client.request(1, path, true);
            assertThat(client.outcome(1)).isEqualTo(200);
            assertThat(client.shape(1)).isEqualTo(http2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "request-body    | false | added",
                "request-none    | true  | ''",
                "request-replace | true  | [body]",
                "request-whole   | true  | =6,[body]",
                "request-early   | true  | body",
                "request-append  | true  | bodyadded",
                "request-trailers| true  | body"
            })
    void requests(String shape, boolean body, String sent) throws Exception {
        RawUpstream asked = serve(WITHOUT_BODY);
        String path = "/" + shape.strip();
        String head = "POST " + path + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
        String answer =
                RawClient.exchange(
                        port,
                        head
                                + (body
                                        ? "content-length: 4\r\n\r\nbody"
                                        : "content-length: 0\r\n\r\n"));
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        try (RawHttp2 client = new RawHttp2(port)) {
            client.request(1, path, !body);
            if (body) {
                client.data(1, "body", true);
            }
            assertThat(client.outcome(1)).isEqualTo(200);
        }
        assertThat(asked.heads).hasSize(2);
        for (String request : asked.heads) {
            String received = request.substring(request.indexOf("\r\n\r\n") + 4);
            if (sent.startsWith("=")) {
                assertThat(request).contains("content-length: " + sent.charAt(1) + "\r\n");
                assertThat(received).isEqualTo(sent.substring(3));
            } else if (sent.isEmpty()) {
                assertThat(received).isEmpty();
                assertThat(request).doesNotContain("transfer-encoding");
            } else {
                assertThat(request)
                        .contains("transfer-encoding: chunked\r\n")
                        .doesNotContain("content-length");
                assertThat(ofChunks(received)).isEqualTo(sent);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,true", "HEAD,false"})
    void a_body_added_to_the_answer_to_HEAD_is_not_sent(String method, boolean sent)
            throws Exception {
        serve(WITHOUT_BODY);
        String answer =
                RawClient.exchange(
                        port,
                        method
                                + " /response-body HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(answer.contains("added")).isEqualTo(sent);
    }

    /** However the body was cut; what follows the last chunk is none. */
    private static String ofChunks(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                assertThat(chunks.substring(line)).isEqualTo("\r\n\r\n");
                return body.toString();
            }
            body.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }

    /** Does what the path says. */
    private static final class Shaper implements HttpFilterSpec {

        @Override
        public HttpFilterFactory open(HttpFilterScope scope) {
            return Filter::new;
        }
    }

    private static final class Filter implements HttpFilter {
        private String shape = "";

        private boolean is(String what, Direction direction) {
            return shape.equals((direction == Direction.REQUEST ? "request-" : "response-") + what);
        }

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            shape = headers.getOr(HeaderName.PATH, "/").substring(1);
            return head(Direction.REQUEST, headers, context);
        }

        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
            return body(Direction.REQUEST, context.requestHeaders(), data, end, context);
        }

        private Headers response = new Headers();

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
            response = headers;
            return head(Direction.RESPONSE, headers, context);
        }

        @Override
        public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
            return body(Direction.RESPONSE, response, data, end, context);
        }

        private Step head(Direction direction, Headers headers, FilterContext context) {
            if (is("body", direction)) {
                headers.remove(HeaderName.CONTENT_LENGTH);
                context.injectHeaders(direction, headers, false);
                context.inject(direction, text("added"), true);
                return Step.DONE;
            }
            if (is("none", direction)) {
                headers.remove(HeaderName.CONTENT_LENGTH);
                context.injectHeaders(direction, headers, true);
                return Step.DONE;
            }
            if (is("whole", direction)) {
                return Step.BUFFER;
            }
            if (shape.startsWith(direction == Direction.REQUEST ? "request" : "response")) {
                headers.remove(HeaderName.CONTENT_LENGTH);
            }
            return Step.CONTINUE;
        }

        private Step body(
                Direction direction,
                Headers head,
                ByteBuf data,
                boolean end,
                FilterContext context) {
            if (is("whole", direction)) {
                head.set(HeaderName.CONTENT_LENGTH, data.readableBytes() + 2);
                context.inject(direction, bracketed(data), end);
                return Step.DONE;
            }
            if (is("replace", direction) && data.isReadable()) {
                context.inject(direction, bracketed(data), end);
                return Step.DONE;
            }
            if (is("early", direction)) {
                context.inject(direction, data.retain(), true);
                return Step.DONE;
            }
            if (is("append", direction) && end) {
                context.inject(direction, data.retain(), false);
                context.inject(direction, text("added"), true);
                return Step.DONE;
            }
            if (is("trailers", direction) && end) {
                context.inject(direction, data.retain(), false);
                Headers trailers = new Headers();
                trailers.add(HeaderName.of("x-added"), "yes");
                context.injectTrailers(direction, trailers);
                return Step.DONE;
            }
            return Step.CONTINUE;
        }

        private static ByteBuf bracketed(ByteBuf data) {
            return text("[" + data.toString(StandardCharsets.ISO_8859_1) + "]");
        }

        private static ByteBuf text(String text) {
            return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        }
    }
}
