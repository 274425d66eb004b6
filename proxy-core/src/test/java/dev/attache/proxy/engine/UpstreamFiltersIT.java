package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What filters between the router and the codec may do, over real sockets. */
final class UpstreamFiltersIT {
    private static final HeaderName SEEN = HeaderName.of("x-seen");
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ntext";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";

    private final HttpFixture fixture = new HttpFixture();
    private final List<String> told = new CopyOnWriteArrayList<>();
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
    void everyAttemptHasItsFiltersAndAllAreClosedInTheEnd() throws Exception {
        int port = serve(filter(new HttpFilter() {}), BUSY, OK);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200").endsWith("text");
        tells("opened", "made", "end COMPLETE", "made", "end COMPLETE");
        fixture.closeEngine();
        tells("opened", "made", "end COMPLETE", "made", "end COMPLETE", "closed");
    }

    @Test
    void aFilterMayAnswerBeforeAnythingIsSent() throws Exception {
        int port =
                serve(
                        filter(
                                new HttpFilter() {
                                    @Override
                                    public Step onRequestHeaders(
                                            Headers headers, boolean end, FilterContext context) {
                                        return context.respond(LocalReply.of(418, "no", "said"));
                                    }
                                }),
                        OK);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 418").endsWith("no");
        assertThat(upstream().heads).isEmpty();
        tells("opened", "made", "end LOCAL_RESET");
    }

    @Test
    void aFilterThatWaitsHoldsTheRequestUntilItGoesOn() throws Exception {
        int port =
                serve(
                        filter(
                                new HttpFilter() {
                                    @Override
                                    public Step onRequestHeaders(
                                            Headers headers, boolean end, FilterContext context) {
                                        headers.add(SEEN, "yes");
                                        context.connection()
                                                .worker()
                                                .eventLoop()
                                                .execute(() -> context.resume(Direction.REQUEST));
                                        return Step.PAUSE;
                                    }
                                }),
                        OK);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200").endsWith("text");
        assertThat(upstream().heads.getFirst()).contains("x-seen: yes");
    }

    @Test
    void aFilterMayHaveTheResponseInOnePieceAfterItsLastByteHasCome() throws Exception {
        int port =
                serve(
                        filter(
                                new HttpFilter() {
                                    @Override
                                    public Step onResponseHeaders(
                                            Headers headers, boolean end, FilterContext context) {
                                        headers.remove(HeaderName.CONTENT_LENGTH);
                                        return Step.BUFFER;
                                    }

                                    @Override
                                    public Step onResponseData(
                                            ByteBuf data, boolean end, FilterContext context) {
                                        String whole = data.toString(StandardCharsets.US_ASCII);
                                        context.inject(
                                                Direction.RESPONSE,
                                                Unpooled.copiedBuffer(
                                                        "<" + whole + ">",
                                                        StandardCharsets.US_ASCII),
                                                true);
                                        return Step.DONE;
                                    }
                                }),
                        OK);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200").contains("<text>");
        tells("opened", "made", "end COMPLETE");
    }

    @Test
    void aFilterMayGiveUpAResponseWhoseLastByteHasCome() throws Exception {
        int port =
                serve(
                        filter(
                                new HttpFilter() {
                                    @Override
                                    public Step onResponseHeaders(
                                            Headers headers, boolean end, FilterContext context) {
                                        return Step.BUFFER;
                                    }

                                    @Override
                                    public Step onResponseData(
                                            ByteBuf data, boolean end, FilterContext context) {
                                        context.response().reset(ResetReason.LOCAL_RESET);
                                        return Step.DONE;
                                    }
                                }),
                        OK);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 503");
    }

    @Test
    void whatAFilterThrowsCostsItsRequest() throws Exception {
        int port =
                serve(
                        filter(
                                new HttpFilter() {
                                    @Override
                                    public Step onResponseHeaders(
                                            Headers headers, boolean end, FilterContext context) {
                                        throw new IllegalStateException("broken");
                                    }
                                }),
                        OK);
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 500");
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 500");
        assertThat(fixture.stats.counter("http.web.downstream_rq_filter_exception").value())
                .isEqualTo(2);
    }

    @Test
    void filtersOfTheRouterServeClustersWithoutAny() throws Exception {
        upstream = new RawUpstream(OK);
        fixture.cluster(ClusterSpec.named("up"), upstream.port());
        HttpFilterChain chain = chain(filter(new HttpFilter() {}));
        int port = serve(new RouterSpec(false, false, List.of(), chain, false));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200");
        tells("opened", "made", "end COMPLETE");
        fixture.closeEngine();
        tells("opened", "made", "end COMPLETE", "closed");
    }

    /** The client may have its answer before the filters have heard of the end. */
    private void tells(String... all) throws Exception {
        Awaiting.until(() -> told.equals(List.of(all)), String.join(", ", all));
    }

    private RawUpstream upstream() {
        if (upstream == null) {
            throw new AssertionError("none yet");
        }
        return upstream;
    }

    private int serve(HttpFilterSpec filter, String... answers) throws Exception {
        upstream = new RawUpstream(answers);
        fixture.cluster(
                ClusterSpec.named("up").http(UpstreamHttpSpec.DEFAULTS.withFilters(chain(filter))),
                upstream.port());
        return serve(RouterSpec.DEFAULTS);
    }

    private static HttpFilterChain chain(HttpFilterSpec filter) {
        return new HttpFilterChain(List.of(new FilterEntry("upstream", filter, false)));
    }

    private int serve(RouterSpec router) {
        RetryPolicy again = HttpProxyIT.retryOn(RetryPolicy.RetryOn.SERVER_ERROR);
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route("/", HttpFixture.forward("up", 0, again))),
                        List.of(new FilterEntry("router", router, false))));
    }

    /** Tells of its life and does what {@code does} does. */
    private HttpFilterSpec filter(HttpFilter does) {
        return TellingFilter.spec(does, told);
    }
}
