package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A request through listener, connection manager, router, cluster, pool and back, on real sockets.
 */
class HttpProxyIT {

    private static final String HELLO =
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-type: text/plain\r\n\r\nhello";

    private final HttpFixture fixture = new HttpFixture();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Formatter format =
            Formatter.parse(
                    "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %BYTES_RECEIVED%"
                            + " %BYTES_SENT% %UPSTREAM_CLUSTER% %REQ(:PATH)%");
    private final AccessLog accessLog = entry -> log.add(format.format(entry));

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
    }

    static RetryPolicy retryOn(RetryPolicy.RetryOn... on) {
        RetryPolicy none = RetryPolicy.NONE;
        return new RetryPolicy(
                EnumSet.copyOf(Set.of(on)),
                2,
                0,
                0,
                Set.of(),
                List.of(),
                List.of(),
                1,
                2,
                List.of(),
                300_000,
                none.hostPredicates(),
                1,
                0,
                false);
    }

    @Test
    void forwards_a_request_and_its_response() throws Exception {
        try (RawUpstream upstream = new RawUpstream(HELLO)) {
            fixture.cluster(ClusterSpec.named("up"), upstream.port());
            int port =
                    fixture.serve(
                            HttpFixture.manager(
                                    HttpFixture.table(
                                            HttpFixture.route(
                                                    "/", HttpFixture.forward("up", 15_000, null))),
                                    accessLog));
            String response =
                    RawClient.exchange(
                            port,
                            "POST /x?y=1 HTTP/1.1\r\nHost: a.example\r\nX-Odd: Yes\r\n"
                                    + "Content-Length: 4\r\nConnection: close\r\n\r\nbody");
            assertThat(response)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("server: envoy\r\n", "x-envoy-upstream-service-time: ", "date: ")
                    .endsWith("\r\n\r\nhello");
            assertThat(upstream.heads.getFirst())
                    .startsWith("POST /x?y=1 HTTP/1.1\r\nhost: a.example\r\n")
                    .contains("x-odd: Yes\r\n", "x-forwarded-proto: http\r\n", "x-request-id: ")
                    .contains("x-envoy-expected-rq-timeout-ms: 15000\r\n")
                    .endsWith("\r\n\r\nbody");
            Awaiting.until(() -> !log.isEmpty(), "access log");
            assertThat(log).containsExactly("200 - via_upstream 4 5 up /x?y=1");
            assertThat(fixture.stats.counter("cluster.up.upstream_rq_200").value()).isEqualTo(1);
            assertThat(fixture.stats.counter("http.web.downstream_rq_2xx").value()).isEqualTo(1);
        }
    }

    @Test
    void answers_what_has_no_route_and_what_has_no_cluster() throws Exception {
        int port =
                fixture.serve(
                        HttpFixture.manager(
                                HttpFixture.table(
                                        HttpFixture.route(
                                                "/gone", HttpFixture.forward("none", 0, null)),
                                        HttpFixture.route(
                                                "/direct",
                                                new RouteAction.DirectResponse(
                                                        418,
                                                        "tea".getBytes(StandardCharsets.US_ASCII),
                                                        null))),
                                accessLog));
        String close = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assertThat(RawClient.exchange(port, "GET /gone" + close)).startsWith("HTTP/1.1 503 ");
        assertThat(RawClient.exchange(port, "GET /else" + close)).startsWith("HTTP/1.1 404 ");
        assertThat(RawClient.exchange(port, "GET /direct" + close))
                .startsWith("HTTP/1.1 418 ")
                .endsWith("\r\n\r\ntea");
        Awaiting.until(() -> log.size() == 3, "access log");
        assertThat(log)
                .containsExactly(
                        "503 NC cluster_not_found 0 0 - /gone",
                        "404 NR route_not_found 0 0 - /else",
                        "418 - direct_response 0 3 - /direct");
    }

    @Test
    void tells_why_the_upstream_could_not_be_reached() throws Exception {
        int closedPort;
        try (ServerSocket server = new ServerSocket(0)) {
            closedPort = server.getLocalPort();
        }
        fixture.cluster(ClusterSpec.named("up"), closedPort);
        fixture.cluster(ClusterSpec.named("empty"));
        int port =
                fixture.serve(
                        HttpFixture.manager(
                                HttpFixture.table(
                                        HttpFixture.route(
                                                "/empty", HttpFixture.forward("empty", 0, null)),
                                        HttpFixture.route("/", HttpFixture.forward("up", 0, null))),
                                accessLog));
        String close = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        assertThat(RawClient.exchange(port, "GET /" + close))
                .startsWith("HTTP/1.1 503 ")
                .endsWith(
                        "upstream connect error or disconnect/reset before headers. reset reason:"
                                + " remote connection failure");
        assertThat(RawClient.exchange(port, "GET /empty" + close)).endsWith("no healthy upstream");
        Awaiting.until(() -> log.size() == 2, "access log");
        assertThat(log.get(0))
                .startsWith(
                        "503 UF upstream_reset_before_response_started{remote_connection_failure|"
                                + "delayed_connect_error:_Connection_refused} ");
        assertThat(log.get(1)).startsWith("503 UH no_healthy_upstream ");
    }

    @Test
    void tries_again_and_sends_the_body_again() throws Exception {
        try (RawUpstream upstream =
                new RawUpstream("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", HELLO)) {
            fixture.cluster(ClusterSpec.named("up"), upstream.port());
            int port =
                    fixture.serve(
                            HttpFixture.manager(
                                    HttpFixture.table(
                                            HttpFixture.route(
                                                    "/",
                                                    HttpFixture.forward(
                                                            "up",
                                                            15_000,
                                                            retryOn(
                                                                    RetryPolicy.RetryOn
                                                                            .SERVER_ERROR)))),
                                    accessLog));
            String response =
                    RawClient.exchange(
                            port,
                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                                    + "Connection: close\r\n\r\nbody");
            assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("hello");
            assertThat(upstream.heads).hasSize(2);
            assertThat(upstream.heads.get(1)).endsWith("\r\n\r\nbody");
            assertThat(fixture.stats.counter("cluster.up.upstream_rq_retry").value()).isEqualTo(1);
        }
    }

    @Test
    void gives_up_after_the_route_timeout() throws Exception {
        try (RawUpstream upstream = new RawUpstream("HTTP/1.1 100 Continue\r\n\r\n")) {
            fixture.cluster(ClusterSpec.named("up"), upstream.port());
            int port =
                    fixture.serve(
                            HttpFixture.manager(
                                    HttpFixture.table(
                                            HttpFixture.route(
                                                    "/", HttpFixture.forward("up", 100, null))),
                                    accessLog));
            String response =
                    RawClient.exchange(
                            port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(response).startsWith("HTTP/1.1 504 ").endsWith("upstream request timeout");
            Awaiting.until(() -> !log.isEmpty(), "access log");
            assertThat(log.getFirst()).startsWith("504 UT response_timeout ");
        }
    }

    @Test
    void gives_the_upstream_connection_back_unheld_after_a_slow_reader() throws Exception {
        String big = "x".repeat(1_500_000);
        try (RawUpstream upstream =
                new RawUpstream(
                        "HTTP/1.1 200 OK\r\ncontent-length: " + big.length() + "\r\n\r\n" + big)) {
            fixture.cluster(ClusterSpec.named("up").bufferLimitBytes(16_384), upstream.port());
            int port =
                    fixture.serve(
                            HttpFixture.manager(
                                    HttpFixture.table(
                                            HttpFixture.route(
                                                    "/", HttpFixture.forward("up", 0, null)))),
                            16_384);
            for (int i = 0; i < 3; i++) {
                String response =
                        RawClient.exchange(
                                port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertThat(response).hasSizeGreaterThan(big.length()).endsWith("xxx");
            }
            assertThat(upstream.sockets).hasSize(1);
        }
    }

    @Test
    void speaks_http2_to_the_client_and_http1_to_the_upstream() throws Exception {
        try (RawUpstream upstream = new RawUpstream(HELLO);
                HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            assertThat(Http2Options.DEFAULTS.allowConnect()).isFalse();
            fixture.cluster(ClusterSpec.named("up"), upstream.port());
            int port =
                    fixture.serve(
                            HttpFixture.manager(
                                    HttpFixture.table(
                                            HttpFixture.route(
                                                    "/", HttpFixture.forward("up", 0, null)))));
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> response =
                        client.send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + port + "/" + i))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("hello");
            }
        }
    }
}
