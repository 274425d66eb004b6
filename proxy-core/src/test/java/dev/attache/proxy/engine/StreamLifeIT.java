package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Timeouts;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams that do not come to their end by themselves. */
class StreamLifeIT {

    private static final HttpFilterSpec CONTINUES = scope -> () -> new HttpFilter() {};

    private static final HttpFilterSpec HOLDS_REQUEST =
            scope ->
                    () ->
                            new HttpFilter() {
                                @Override
                                public Step onRequestHeaders(
                                        Headers headers, boolean end, FilterContext context) {
                                    return Step.PAUSE;
                                }
                            };

    private static final HttpFilterSpec HOLDS_RESPONSE =
            scope ->
                    () ->
                            new HttpFilter() {
                                @Override
                                public Step onResponseHeaders(
                                        Headers headers, boolean end, FilterContext context) {
                                    return Step.PAUSE;
                                }
                            };

    private final HttpFixture fixture = new HttpFixture();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private RawUpstream upstream;

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        Awaiting.until(
                () -> fixture.stats.gauge("http.web.downstream_rq_active").value() == 0,
                "no stream is active");
        fixture.close();
        upstream.close();
    }

    private static Timeouts timeouts(long idle, long flush) {
        Timeouts d = Timeouts.DEFAULTS;
        return new Timeouts(
                d.connectionIdle(),
                d.maxConnectionDuration(),
                d.http1SafeMaxDuration(),
                idle,
                flush,
                d.request(),
                d.requestHeaders(),
                d.drain(),
                d.delayedClose(),
                d.maxStreamDuration());
    }

    private int serve(
            String answer,
            Timeouts timeouts,
            long logInterval,
            HttpFilterSpec filter,
            String format)
            throws IOException {
        upstream = new RawUpstream(answer);
        fixture.cluster(ClusterSpec.named("up"), upstream.port());
        Formatter line = Formatter.parse(format);
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route("/", HttpFixture.forward("up", 0, null))),
                        List.of(
                                new FilterEntry("before", CONTINUES, false),
                                new FilterEntry("my-filter", filter, false),
                                new FilterEntry("router", RouterSpec.DEFAULTS, false)),
                        timeouts,
                        logInterval,
                        entry -> lines.add(line.format(entry))));
    }

    @Test
    void a_response_that_the_client_gives_no_window_for_is_reset() throws Exception {
        int port =
                serve(
                        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
                        timeouts(60_000, 50),
                        0,
                        CONTINUES,
                        "%RESPONSE_CODE%");
        try (RawHttp2 client = new RawHttp2(port)) {
            client.noWindow();
            client.request(1, "/", true);
            assertThat(client.outcome(1)).isEqualTo(RawHttp2.RESET);
        }
        assertThat(fixture.stats.counter("http2.tx_flush_timeout").value()).isOne();
        assertThat(lines).containsExactly("200");
    }

    @Test
    void without_a_time_of_its_own_the_idle_time_limits_the_flush() throws Exception {
        int port =
                serve(
                        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
                        timeouts(50, -1),
                        0,
                        CONTINUES,
                        "%RESPONSE_CODE%");
        try (RawHttp2 client = new RawHttp2(port)) {
            client.noWindow();
            client.request(1, "/", true);
            assertThat(client.outcome(1)).isEqualTo(RawHttp2.RESET);
        }
        assertThat(fixture.stats.counter("http2.tx_flush_timeout").value()).isOne();
    }

    private static final String HELD =
            "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
                    + " %DYNAMIC_METADATA(attache:held_by)%";

    @Test
    void a_filter_that_never_goes_on_with_a_request_is_named() throws Exception {
        int port = serve("", timeouts(50, -1), 0, HOLDS_REQUEST, HELD);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 504 ");
        Awaiting.until(() -> !lines.isEmpty(), "access log");
        assertThat(lines).containsExactly("504 SI stream_idle_timeout my-filter");
    }

    @Test
    void a_filter_that_never_goes_on_with_a_response_is_named() throws Exception {
        int port =
                serve(
                        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
                        timeouts(50, -1),
                        0,
                        HOLDS_RESPONSE,
                        HELD);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 504 ");
        Awaiting.until(() -> !lines.isEmpty(), "access log");
        assertThat(lines).containsExactly("504 SI stream_idle_timeout my-filter");
    }

    @Test
    void a_client_that_leaves_a_held_stream_names_the_filter_too() throws Exception {
        int port = serve("", timeouts(60_000, -1), 0, HOLDS_REQUEST, HELD);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Awaiting.until(
                    () -> fixture.stats.gauge("http.web.downstream_rq_active").value() == 1,
                    "the stream is there");
        }
        Awaiting.until(() -> !lines.isEmpty(), "access log");
        assertThat(lines.getFirst()).startsWith("0 DC ").endsWith(" my-filter");
    }

    @Test
    void a_stream_that_lasts_is_logged_at_each_interval() throws Exception {
        int port =
                serve(
                        "",
                        timeouts(60_000, -1),
                        20,
                        HOLDS_REQUEST,
                        "%ACCESS_LOG_TYPE% %RESPONSE_CODE% %REQ(:PATH)%");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(
                            "GET /long HTTP/1.1\r\nhost: a\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            Awaiting.until(
                    () -> lines.stream().filter("DownstreamPeriodic 0 /long"::equals).count() >= 3,
                    "lines of its time");
        }
        Awaiting.until(() -> lines.getLast().equals("DownstreamEnd 0 /long"), "its end");
    }
}
