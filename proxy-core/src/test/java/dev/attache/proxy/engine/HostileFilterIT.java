package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An HTTP filter, or a logger, that throws wherever it is called costs one stream. */
class HostileFilterIT {

    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n0\r\nx-end: yes\r\n\r\n";

    /** Where it throws. */
    private enum Hook {
        NEW_FILTER(500),
        REQUEST_HEADERS(500),
        REQUEST_DATA(500),
        REQUEST_TRAILERS(500),
        RESPONSE_HEADERS(500),
        RESPONSE_DATA(0),
        LOCAL_REPLY(404),
        STREAM_END(200),
        TIMER(500),
        CALLBACK(500),
        ACCESS_LOG(200),
        FORMAT(200);

        /** What the client gets; 0 = a response that is cut off. */
        final int status;

        Hook(int status) {
            this.status = status;
        }
    }

    private final HttpFixture fixture = new HttpFixture();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private RawUpstream upstream;
    private Hook hook = Hook.STREAM_END;
    private Class<? extends Throwable> what = IllegalStateException.class;
    private int port;

    /** A filter is made before it sees its request: which of them is the evil request's. */
    private int evilFilter = 1;

    private final AtomicInteger made = new AtomicInteger();

    @BeforeEach
    void serve() throws IOException {
        upstream = new RawUpstream(ANSWER);
        fixture.cluster(ClusterSpec.named("up"), upstream.port());
        Formatter format =
                Formatter.parse(
                        "%RESPONSE_CODE% %RESPONSE_CODE_DETAILS% %HOSTILE% %REQ(:PATH)%",
                        List.of((name, argument, max) ->
                                name.equals("HOSTILE")
                                        ? entry -> {
                                            strike(Hook.FORMAT, entry.requestHeaders());
                                            return "kind";
                                        }
                                        : null));
        AccessLog hostile = entry -> strike(Hook.ACCESS_LOG, entry.requestHeaders());
        port =
                fixture.serve(
                        HttpFixture.manager(
                                HttpFixture.table(
                                        HttpFixture.route(
                                                "/there", HttpFixture.forward("up", 0, null))),
                                List.of(
                                        new FilterEntry("an evil one", new Hostile(), false),
                                        new FilterEntry("router", RouterSpec.DEFAULTS, false)),
                                hostile,
                                entry -> lines.add(format.format(entry))));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
        upstream.close();
    }

    static Stream<Arguments> strikes() {
        List<Arguments> all = new ArrayList<>();
        for (Hook each : Hook.values()) {
            for (Class<?> type :
                    List.of(
                            IllegalStateException.class,
                            AssertionError.class,
                            NoClassDefFoundError.class,
                            StackOverflowError.class,
                            Error.class,
                            IOException.class)) {
                all.add(Arguments.of(each, type));
            }
        }
        return all.stream();
    }

    private String path(String of) {
        return (hook == Hook.LOCAL_REPLY ? "/nowhere/" : "/there/") + of;
    }

    @ParameterizedTest
    @MethodSource("strikes")
    void costs_its_stream_over_http1(Hook where, Class<? extends Throwable> type) throws Exception {
        hook = where;
        what = type;
        String body = "transfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nx-end: yes\r\n\r\n";
        String answer =
                RawClient.exchange(
                        port,
                        "POST "
                                + path("evil")
                                + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
                                + body);
        // HTTP/1 drops trailers unless told to keep them.
        boolean struck = where != Hook.REQUEST_TRAILERS;
        int status = struck ? where.status : 200;
        if (status == 0) {
            assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("0\r\n\r\n");
        } else {
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        }
        judge(struck, status);
    }

    @ParameterizedTest
    @MethodSource("strikes")
    void costs_its_stream_over_http2(Hook where, Class<? extends Throwable> type) throws Exception {
        hook = where;
        what = type;
        evilFilter = 2;
        try (RawHttp2 client = new RawHttp2(port)) {
            client.request(1, "/there/good", false);
            client.request(3, path("evil"), false);
            client.data(3, "body", false);
            client.trailers(3);
            assertThat(client.outcome(3))
                    .isEqualTo(where.status == 0 ? RawHttp2.RESET : where.status);
            client.data(1, "body", true);
            assertThat(client.outcome(1)).isEqualTo(200);
        }
        judge(true, where.status);
    }

    private void judge(boolean struck, int status) throws Exception {
        Awaiting.until(
                () -> lines.stream().anyMatch(line -> line.endsWith("evil")),
                "its access log line");
        String line =
                lines.stream().filter(each -> each.endsWith("evil")).findFirst().orElseThrow();
        if (struck && (status == 500 || status == 0)) {
            assertThat(line).contains(" filter_exception{an_evil_one} ");
        }
        assertThat(line).startsWith((status == 0 ? 200 : status) + " ");
        assertThat(line).contains(hook == Hook.FORMAT ? " - /" : " kind /");
        Awaiting.until(
                () -> fixture.stats.gauge("http.web.downstream_rq_active").value() == 0,
                "no stream is active");
        assertThat(fixture.stats.counter("http.web.downstream_rq_filter_exception").value())
                .isEqualTo(struck && hook != Hook.FORMAT ? 1 : 0);
        assertThat(
                        RawClient.exchange(
                                port,
                                "GET /there/after HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        Awaiting.until(
                () -> fixture.stats.gauge("cluster.up.upstream_rq_active").value() == 0,
                "no request is under way");
    }

    private void strike(Hook at, Headers request) {
        if (hook == at && request.getOr(HeaderName.PATH, "").endsWith("/evil")) {
            throw Thrown.sneaky(what);
        }
    }

    private final class Hostile implements HttpFilterSpec {

        @Override
        public HttpFilterFactory open(HttpFilterScope scope) {
            return () -> {
                if (made.incrementAndGet() == evilFilter && hook == Hook.NEW_FILTER) {
                    throw Thrown.sneaky(what);
                }
                return new Filter();
            };
        }
    }

    private final class Filter implements HttpFilter {

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            strike(Hook.REQUEST_HEADERS, headers);
            boolean evil = headers.getOr(HeaderName.PATH, "").endsWith("/evil");
            if (evil && hook == Hook.TIMER) {
                context.connection()
                        .worker()
                        .timers()
                        .schedule(context.timer(() -> strike(Hook.TIMER, headers)), 1);
                return Step.PAUSE;
            }
            if (evil && hook == Hook.CALLBACK) {
                context.connection()
                        .worker()
                        .eventLoop()
                        .execute(context.guarded(() -> strike(Hook.CALLBACK, headers)));
                return Step.PAUSE;
            }
            return Step.CONTINUE;
        }

        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
            strike(Hook.REQUEST_DATA, context.requestHeaders());
            return Step.CONTINUE;
        }

        @Override
        public Step onRequestTrailers(Headers trailers, FilterContext context) {
            strike(Hook.REQUEST_TRAILERS, context.requestHeaders());
            return Step.CONTINUE;
        }

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
            strike(Hook.RESPONSE_HEADERS, context.requestHeaders());
            return Step.CONTINUE;
        }

        @Override
        public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
            strike(Hook.RESPONSE_DATA, context.requestHeaders());
            return Step.CONTINUE;
        }

        @Override
        public void onLocalReply(LocalReply reply, FilterContext context) {
            strike(Hook.LOCAL_REPLY, context.requestHeaders());
        }

        @Override
        public void onStreamEnd(StreamEnd why, FilterContext context) {
            strike(Hook.STREAM_END, context.requestHeaders());
        }
    }
}
