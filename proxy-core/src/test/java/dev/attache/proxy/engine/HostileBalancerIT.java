package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.BalancerContext;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.lb.RoundRobinSpec;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A load balancer that throws costs the requests that it was asked for, and is asked again. */
class HostileBalancerIT {

    private static final String BUSY = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";
    private static final RetryPolicy AGAIN = HttpProxyIT.retryOn(RetryPolicy.RetryOn.SERVER_ERROR);

    private enum Hook {
        NEW_BALANCER,
        HOSTS,
        PICK
    }

    private final HttpFixture fixture = new HttpFixture();
    private final RawUpstream upstream;
    private volatile @Nullable Hook hook;

    /** It throws when it is asked for the second time. */
    private boolean throwsAgain;

    private int picks;

    HostileBalancerIT() throws IOException {
        upstream = new RawUpstream("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
        upstream.close();
    }

    @ParameterizedTest
    @EnumSource(Hook.class)
    void costs_the_request(Hook where) throws Exception {
        hook = where;
        fixture.cluster(ClusterSpec.named("up").loadBalancer(new Hostile()), upstream.port());
        int port =
                fixture.serve(
                        HttpFixture.manager(
                                HttpFixture.table(
                                        HttpFixture.route(
                                                "/", HttpFixture.forward("up", 0, null)))));
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 500 ");
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 500 ");
        assertThat(fixture.stats.counter("http.web.downstream_rq_filter_exception").value())
                .isEqualTo(2);
        hook = null;
        assertThat(RawClient.get(port)).startsWith("HTTP/1.1 200 ");
        becomesZero("cluster.up.upstream_rq_active");
        becomesZero("http.web.downstream_rq_active");
    }

    @Test
    void costs_the_request_that_is_tried_again_too() throws Exception {
        throwsAgain = true;
        try (RawUpstream busy = new RawUpstream(BUSY)) {
            fixture.cluster(ClusterSpec.named("up").loadBalancer(new Hostile()), busy.port());
            int port =
                    fixture.serve(
                            HttpFixture.manager(
                                    HttpFixture.table(
                                            HttpFixture.route(
                                                    "/", HttpFixture.forward("up", 0, AGAIN)))));
            assertThat(RawClient.get(port)).startsWith("HTTP/1.1 500 ");
            assertThat(busy.heads).hasSize(1);
            becomesZero("cluster.up.upstream_rq_active");
            becomesZero("http.web.downstream_rq_active");
        }
    }

    @Test
    void costs_the_call_that_is_tried_again() throws Exception {
        throwsAgain = true;
        try (RawUpstream busy = new RawUpstream(BUSY)) {
            fixture.cluster(ClusterSpec.named("up").loadBalancer(new Hostile()), busy.port());
            int port =
                    fixture.serve(
                            HttpFixture.manager(
                                    HttpFixture.table(
                                            HttpFixture.route(
                                                    "/", HttpFixture.forward("up", 0, null))),
                                    List.of(
                                            new FilterEntry("asks", Asking.SPEC, false),
                                            new FilterEntry(
                                                    "router", RouterSpec.DEFAULTS, false))));
            assertThat(RawClient.get(port)).startsWith("HTTP/1.1 500 ");
            assertThat(busy.heads).hasSize(1);
            becomesZero("cluster.up.upstream_rq_active");
            becomesZero("http.web.downstream_rq_active");
        }
    }

    /** Waits for the answer of a call that is tried again. */
    private static final class Asking implements HttpFilter, ResponseListener {
        static final HttpFilterSpec SPEC = scope -> Asking::new;

        private @Nullable FilterContext stream;

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            stream = context;
            Headers head = new Headers(MessagePart.REQUEST);
            head.add(HeaderName.METHOD, "GET");
            head.add(HeaderName.PATH, "/");
            head.add(HeaderName.AUTHORITY, "up");
            CallOptions options = CallOptions.DEFAULT.timeout(0).retry(AGAIN);
            context.calls().send("up", head, null, options, this);
            return Step.PAUSE;
        }

        @Override
        public void onResponse(Headers head, ByteBuf body) {
            answer();
        }

        @Override
        public void onFailure(CallFailure why) {
            answer();
        }

        private void answer() {
            Objects.requireNonNull(stream).respond(LocalReply.of(403, "", "answered"));
        }
    }

    /** A stream's bookkeeping may end after the client has read its last byte. */
    private void becomesZero(String gauge) throws Exception {
        Awaiting.until(() -> fixture.stats.gauge(gauge).value() == 0, gauge + " is 0");
    }

    private void strike(Hook at) {
        if (hook == at) {
            throw Thrown.sneaky(NoClassDefFoundError.class);
        }
    }

    private final class Hostile implements LoadBalancerSpec {

        @Override
        public LoadBalancer newBalancer(BalancerContext context) {
            strike(Hook.NEW_BALANCER);
            LoadBalancer inner = RoundRobinSpec.DEFAULTS.newBalancer(context);
            return new LoadBalancer() {
                @Override
                public Pick pick(PickContext pick) {
                    strike(Hook.PICK);
                    if (throwsAgain && ++picks == 2) {
                        throw Thrown.sneaky(NoClassDefFoundError.class);
                    }
                    return inner.pick(pick);
                }

                @Override
                public void hosts(HostSet next) {
                    strike(Hook.HOSTS);
                    inner.hosts(next);
                }
            };
        }

        @Override
        public void prepare(HostSet hosts, LoadBalancingSettings settings, SharedTables tables) {
            throw Thrown.sneaky(StackOverflowError.class);
        }
    }
}
