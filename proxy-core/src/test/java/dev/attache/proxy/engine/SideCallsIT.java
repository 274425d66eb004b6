package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls to clusters that are nobody's request: from a filter, and from another thread. */
@Timeout(60)
class SideCallsIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nyes!";
    private static final String BUSY = "HTTP/1.1 503 no\r\ncontent-length: 0\r\n\r\n";

    private final HttpFixture fixture = new HttpFixture();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private RawUpstream upstream;
    private @Nullable RawUpstream side;

    @BeforeEach
    void anUpstream() throws Exception {
        upstream = new RawUpstream("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nup");
        fixture.cluster(ClusterSpec.named("up"), upstream.port());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
        upstream.close();
        if (side != null) {
            side.close();
        }
    }

    private void side(String... answers) throws Exception {
        side = new RawUpstream(answers);
        fixture.cluster(ClusterSpec.named("side"), side.port());
    }

    private int serve(HttpFilterSpec filter) {
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route("/", HttpFixture.forward("up", 0, null))),
                        List.of(
                                new FilterEntry("asks", filter, false),
                                new FilterEntry("router", RouterSpec.DEFAULTS, false))));
    }

    private static Headers head(String path) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, "GET");
        head.add(HeaderName.PATH, path);
        head.add(HeaderName.AUTHORITY, "side");
        return head;
    }

    private static HttpFilterSpec filter(Consumer<FilterContext> onRequest) {
        return scope ->
                () ->
                        new HttpFilter() {
                            @Override
                            public Step onRequestHeaders(
                                    Headers headers, boolean end, FilterContext context) {
                                onRequest.accept(context);
                                return Step.PAUSE;
                            }
                        };
    }

    /** Its first request asks, and goes on with a good answer. */
    private HttpFilterSpec asking(String path, CallOptions options) {
        return filter(context ->
                context.calls().send("side", head(path), null, options, answering(context)));
    }

    private ResponseListener answering(FilterContext context) {
        return new ResponseListener() {
            @Override
            public void onResponse(Headers head, ByteBuf body) {
                heard.add(
                        head.get(HeaderName.STATUS)
                                + " "
                                + body.toString(StandardCharsets.ISO_8859_1));
                context.resume(Direction.REQUEST);
            }

            @Override
            public void onFailure(CallFailure why) {
                heard.add(why.kind() + " " + why.status());
                context.respond(LocalReply.of(403, "", "refused"));
            }
        };
    }

    private long count(String name) {
        return fixture.stats.counter(name).value();
    }

    @Test
    void a_filter_asks_and_goes_on() throws Exception {
        side(OK);
        int port = serve(asking("/ask", CallOptions.DEFAULT.timeout(5000)));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200").endsWith("up");
        assertThat(heard).containsExactly("200 yes!");
        assertThat(side.heads.getFirst())
                .startsWith("GET /ask HTTP/1.1\r\nhost: side\r\n")
                .contains("x-envoy-internal: true\r\n")
                .contains("x-forwarded-for: ")
                .contains("x-envoy-expected-rq-timeout-ms: 5000\r\n");
        assertThat(count("cluster.side.internal.upstream_rq_200")).isOne();
        assertThat(count("cluster.side.external.upstream_rq_200")).isZero();
        assertThat(count("cluster.side.upstream_rq_total")).isOne();
        assertThat(count("http.async-client.rq_total")).isOne();
    }

    @Test
    void unmarked_calls_count_as_external_and_say_nothing_of_us() throws Exception {
        side(OK);
        int port = serve(asking("/ask", CallOptions.DEFAULT.marked(false, false)));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200");
        assertThat(side.heads.getFirst())
                .doesNotContain("x-envoy-internal")
                .doesNotContain("x-forwarded-for");
        assertThat(count("cluster.side.external.upstream_rq_200")).isOne();
    }

    @Test
    void what_fails_is_heard_after_the_call_was_started() throws Exception {
        fixture.cluster(ClusterSpec.named("empty"));
        List<String> order = new CopyOnWriteArrayList<>();
        int port =
                serve(
                        filter(context -> {
                            ResponseListener then = answering(context);
                            ResponseListener noting =
                                    new ResponseListener() {
                                        @Override
                                        public void onResponse(Headers head, ByteBuf body) {
                                            then.onResponse(head, body);
                                        }

                                        @Override
                                        public void onFailure(CallFailure why) {
                                            order.add("failed");
                                            then.onFailure(why);
                                        }
                                    };
                            String name = heard.isEmpty() ? "none" : "empty";
                            context.calls()
                                    .send(name, head("/"), null, CallOptions.DEFAULT, noting);
                            order.add("started");
                        }));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 403");
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 403");
        assertThat(heard).containsExactly("NO_CLUSTER 503", "NO_HOST 503");
        assertThat(order).containsExactly("started", "failed", "started", "failed");
        assertThat(count("cluster.empty.upstream_cx_none_healthy")).isOne();
        assertThat(count("cluster.empty.internal.upstream_rq_503")).isOne();
    }

    @Test
    void no_answer_in_time() throws Exception {
        side("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort");
        int port = serve(asking("/", CallOptions.DEFAULT.timeout(50)));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 403");
        assertThat(heard).containsExactly("TIMEOUT 504");
        assertThat(count("cluster.side.upstream_rq_timeout")).isOne();
    }

    @Test
    void tries_again_as_its_policy_says() throws Exception {
        side(BUSY, OK);
        RetryPolicy none = RetryPolicy.NONE;
        RetryPolicy onError =
                new RetryPolicy(
                        Set.of(RetryPolicy.RetryOn.SERVER_ERROR),
                        1,
                        0,
                        0,
                        Set.of(),
                        List.of(),
                        List.of(),
                        1,
                        1,
                        List.of(),
                        none.rateLimitedMaxIntervalMillis(),
                        Set.of(),
                        1,
                        0,
                        false);
        int port =
                serve(
                        filter(context ->
                                context.calls()
                                        .send(
                                                "side",
                                                head("/"),
                                                context.connection()
                                                        .worker()
                                                        .allocator()
                                                        .buffer()
                                                        .writeBytes(new byte[] {'b', 'o'}),
                                                CallOptions.DEFAULT.retry(onError),
                                                answering(context))));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200");
        assertThat(heard).containsExactly("200 yes!");
        assertThat(side.heads).hasSize(2);
        assertThat(count("cluster.side.upstream_rq_retry")).isOne();
        assertThat(count("cluster.side.upstream_rq_retry_success")).isOne();
    }

    @Test
    void a_response_that_is_too_long_is_a_failure() throws Exception {
        side(OK);
        int port = serve(asking("/", CallOptions.DEFAULT.limits(10, 3)));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 403");
        assertThat(heard).containsExactly("TOO_LARGE 500");
    }

    @Test
    void what_a_listener_throws_costs_its_stream_alone() throws Exception {
        side(OK);
        int port =
                serve(
                        filter(context ->
                                context.calls()
                                        .send(
                                                "side",
                                                head("/"),
                                                null,
                                                CallOptions.DEFAULT,
                                                new ResponseListener() {
                                                    @Override
                                                    public void onResponse(
                                                            Headers head, ByteBuf body) {
                                                        throw new IllegalStateException(
                                                                "on purpose");
                                                    }

                                                    @Override
                                                    public void onFailure(CallFailure why) {
                                                        heard.add("failure");
                                                    }
                                                })));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 500");
        assertThat(heard).isEmpty();
        assertThat(count("http.web.downstream_rq_filter_exception")).isOne();
    }

    @Test
    void a_call_ends_with_its_stream() throws Exception {
        side("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort");
        int port = serve(asking("/", CallOptions.DEFAULT));
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            Awaiting.until(
                    () -> fixture.stats.gauge("cluster.side.upstream_rq_active").value() == 1,
                    "the call is under way");
        }
        Awaiting.until(
                () -> fixture.stats.gauge("cluster.side.upstream_rq_active").value() == 0,
                "the call is over");
        assertThat(heard).isEmpty();
    }

    @Test
    void another_thread_asks_through_the_gate() throws Exception {
        side(OK);
        serve(filter(context -> {}));
        CompletableFuture<String> told = new CompletableFuture<>();
        CallGate.Listener listener =
                new CallGate.Listener() {
                    @Override
                    public void onResponse(Headers head, byte[] body) {
                        told.complete(
                                head.get(HeaderName.STATUS)
                                        + new String(body, StandardCharsets.ISO_8859_1));
                    }

                    @Override
                    public void onFailure(CallFailure why) {
                        told.completeExceptionally(new AssertionError(why.toString()));
                    }
                };
        var unused =
                fixture.engine
                        .calls()
                        .send(
                                "side",
                                head("/keys"),
                                null,
                                CallOptions.DEFAULT,
                                Runnable::run,
                                listener);
        assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("200yes!");
    }
}
