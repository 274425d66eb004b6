package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Side calls through the filters of their cluster, over real sockets. */
final class CallFiltersIT {
    private static final HeaderName SEEN = HeaderName.of("x-seen");
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntext";

    private final HttpFixture fixture = new HttpFixture();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private @Nullable RawUpstream upstream;

    @AfterEach
    void close() throws Exception {
        fixture.closeEngine();
        fixture.close();
        if (upstream != null) {
            upstream.close();
        }
    }

    @Test
    void request_and_response_pass_them_and_find_a_stream_without_client_and_route()
            throws Exception {
        serve(
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(
                            Headers headers, boolean end, FilterContext context) {
                        headers.add(
                                SEEN,
                                context.info().clusterName
                                        + " "
                                        + context.info().attemptCount
                                        + " "
                                        + context.route()
                                        + " ["
                                        + context.info().downstreamRemoteAddress()
                                        + "]");
                        context.connection()
                                .worker()
                                .eventLoop()
                                .execute(() -> context.resume(Direction.REQUEST));
                        return Step.PAUSE;
                    }

                    @Override
                    public Step onResponseHeaders(
                            Headers headers, boolean end, FilterContext context) {
                        headers.set(HeaderName.STATUS, "203");
                        return Step.CONTINUE;
                    }
                });
        assertThat(call("body")).isEqualTo("203 text");
        assertThat(upstream().heads.getFirst()).contains("x-seen: up 1 null []").endsWith("body");
        tells("opened", "made", "end COMPLETE");
        fixture.closeEngine();
        tells("opened", "made", "end COMPLETE", "closed");
    }

    @Test
    void a_filter_may_answer_before_anything_is_sent() throws Exception {
        serve(
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(
                            Headers headers, boolean end, FilterContext context) {
                        return context.respond(LocalReply.of(418, "no", "said"));
                    }
                });
        assertThat(call("body")).isEqualTo("418 no");
        assertThat(call(null)).isEqualTo("418 no");
        assertThat(upstream().heads).isEmpty();
        tells("opened", "made", "end LOCAL_RESET", "made", "end LOCAL_RESET");
    }

    @Test
    void what_one_throws_or_gives_up_costs_the_call() throws Exception {
        serve(
                new HttpFilter() {
                    @Override
                    public Step onResponseHeaders(
                            Headers headers, boolean end, FilterContext context) {
                        if (context.requestHeaders().contains(HeaderName.CONTENT_LENGTH)) {
                            throw new IllegalStateException("broken");
                        }
                        context.response().reset(ResetReason.LOCAL_RESET);
                        return Step.DONE;
                    }
                });
        assertThat(call("body")).startsWith("500");
        assertThat(call(null)).isEqualTo("failed RESET");
        assertThat(told.stream().filter("made"::equals)).hasSize(2);
    }

    @Test
    void they_end_with_an_attempt_that_breaks_off() throws Exception {
        serve(new HttpFilter() {}, "");
        assertThat(call("body")).isEqualTo("failed RESET");
        tells("opened", "made", "end LOCAL_RESET");
        fixture.closeEngine();
        tells("opened", "made", "end LOCAL_RESET", "closed");
    }

    @Test
    void and_with_one_that_comes_to_no_connection() throws Exception {
        serve(new HttpFilter() {});
        upstream().close();
        assertThat(call(null)).isEqualTo("failed RESET");
        tells("opened", "made", "end LOCAL_RESET");
    }

    @Test
    void a_request_must_still_be_one_behind_them() throws Exception {
        serve(
                new HttpFilter() {
                    @Override
                    public Step onRequestHeaders(
                            Headers headers, boolean end, FilterContext context) {
                        headers.remove(HeaderName.PATH);
                        return Step.CONTINUE;
                    }
                });
        assertThat(call(null)).isEqualTo("503 missing required header: :path");
        assertThat(upstream().heads).isEmpty();
    }

    private @Nullable String call(@Nullable String body) throws InterruptedException {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, body == null ? "GET" : "POST");
        head.add(HeaderName.PATH, "/");
        head.add(HeaderName.AUTHORITY, "a.test");
        fixture.engine
                .calls()
                .send(
                        "up",
                        head,
                        body == null ? null : body.getBytes(StandardCharsets.US_ASCII),
                        CallOptions.DEFAULT.timeout(10_000),
                        Runnable::run,
                        new CallGate.Listener() {
                            @Override
                            public void onResponse(Headers response, byte[] content) {
                                heard.add(
                                        response.getOr(HeaderName.STATUS, "")
                                                + " "
                                                + new String(content, StandardCharsets.US_ASCII));
                            }

                            @Override
                            public void onFailure(CallFailure why) {
                                heard.add("failed " + why.kind());
                            }
                        });
        return heard.poll(10, TimeUnit.SECONDS);
    }

    private void tells(String... all) throws Exception {
        Awaiting.until(() -> told.equals(List.of(all)), String.join(", ", all));
    }

    private RawUpstream upstream() {
        if (upstream == null) {
            throw new AssertionError("none yet");
        }
        return upstream;
    }

    private void serve(HttpFilter does) throws Exception {
        serve(does, OK);
    }

    private void serve(HttpFilter does, String answer) throws Exception {
        upstream = new RawUpstream(answer);
        HttpFilterChain chain =
                new HttpFilterChain(
                        List.of(
                                new FilterEntry(
                                        "upstream", TellingFilter.spec(does, told), false)));
        fixture.cluster(
                ClusterSpec.named("up").http(UpstreamHttpSpec.DEFAULTS.withFilters(chain)),
                upstream.port());
        fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route("/", HttpFixture.forward("up", 0, null)))));
    }
}
