package dev.attache.filters.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.PreparationScope;
import dev.attache.config.extension.SharedSlot;
import dev.attache.config.extension.SharedState;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.testkit.TokenLab;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When keys are fetched again, and what operators hear of it. */
class KeyRefreshTest {

    private static final byte[] SET = TokenLab.set(TokenLab.secret(new byte[] {1}, ""));

    private final List<String> heard = new ArrayList<>();
    private final Played played = new Played();
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Around around = new Around();
    private final SharedSlot<SharedKeys> slot =
            new SharedState().slot(SharedKeys.class, "k", SharedKeys::new);

    private final Preparation.Outcome outcome =
            new Preparation.Outcome() {
                @Override
                public void ready() {
                    heard.add("ready");
                }

                @Override
                public void failed(String why) {
                    heard.add("failed: " + why);
                }
            };

    /** Calls that the test answers. */
    private static final class Played implements UpstreamCalls, UpstreamCall {
        @Nullable CallListener listener;

        @Override
        public UpstreamCall start(
                String cluster, Headers head, boolean end, CallOptions how, CallListener hears) {
            listener = hears;
            return this;
        }

        @Override
        public UpstreamCall start(
                GrpcChannel channel, Headers head, CallOptions how, CallListener hears) {
            throw new AssertionError("the service is a cluster");
        }

        @Override
        public void data(ByteBuf data, boolean end) {
            throw new AssertionError("the request has no body");
        }

        @Override
        public void trailers(Headers trailers) {
            throw new AssertionError("the request has no trailers");
        }

        @Override
        public void cancel() {
            listener = null;
        }

        @Override
        public Valve input() {
            return Valve.NONE;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isAboveHighWatermark() {
            return false;
        }

        @Override
        public UpstreamInfo upstream() {
            throw new AssertionError("nobody asks");
        }
    }

    private final class Around implements PreparationScope {
        private @Nullable Runnable due;
        private @Nullable Duration delay;

        @Override
        public CallGate calls() {
            return new CallGate(loop, played);
        }

        @Override
        public Executor loop() {
            return Runnable::run;
        }

        @Override
        public void warn(String problem) {
            heard.add("warning: " + problem);
        }

        @Override
        public Cancellable schedule(Duration after, Runnable task) {
            due = task;
            delay = after;
            return () -> due = null;
        }
    }

    @AfterEach
    void endLoop() throws InterruptedException {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private KeyRefresh refresh(long cacheMillis, long failedMillis) throws Exception {
        RemoteKeySet.Refresh times = new RemoteKeySet.Refresh(false, failedMillis);
        RemoteKeySet set =
                new RemoteKeySet(
                        "http://a.test/k",
                        "c",
                        "http",
                        "a.test",
                        "/k",
                        100,
                        null,
                        cacheMillis,
                        times);
        KeyRefresh refresh = new KeyRefresh(set, times, slot, new FetchCounts());
        onLoop(() -> refresh.start(around, outcome));
        return refresh;
    }

    /** The task, and what it puts onto the loop. */
    private void onLoop(Runnable task) throws InterruptedException, ExecutionException {
        loop.submit(task).get();
        loop.submit(() -> {}).get();
    }

    private void answer(String status, byte[] body) throws Exception {
        CallListener listener = Objects.requireNonNull(played.listener);
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, status);
        onLoop(() -> {
            listener.onHeaders(head, false);
            listener.onData(Unpooled.wrappedBuffer(body), true);
        });
    }

    private void fetchAgain() throws Exception {
        onLoop(Objects.requireNonNull(around.due));
    }

    @Test
    void keysAreFetchedAgainBeforeTheirTimeIsOver() throws Exception {
        KeyRefresh refresh = refresh(600_000, 1000);
        answer("200", SET);
        assertThat(heard).containsExactly("ready");
        assertThat(around.delay).isEqualTo(Duration.ofMillis(595_000));
        try (SharedSlot.Lease<SharedKeys> lease = slot.lease()) {
            assertThat(lease.value().get(0)).isNotNull();
        }
        refresh.close();
        assertThat(around.due).isNull();
    }

    @Test
    void keysThatAreGoodForNoTimeAreNotFetchedWithoutEnd() throws Exception {
        refresh(0, 0);
        answer("200", SET);
        assertThat(around.delay).isEqualTo(Duration.ofMillis(100));
        fetchAgain();
        answer("500", SET);
        assertThat(around.delay).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void theFirstOfLaterFailuresIsSaidAndTheKeysStay() throws Exception {
        refresh(600_000, 1000);
        answer("200", SET);
        fetchAgain();
        answer("503", SET);
        String problem = "Jwks async fetching url=http://a.test/k: status 503";
        assertThat(heard)
                .containsExactly(
                        "ready",
                        "warning: " + problem + "; the keys of before stay, if there are any");
        assertThat(around.delay).isEqualTo(Duration.ofSeconds(1));
        fetchAgain();
        answer("503", SET);
        assertThat(heard).hasSize(2);
        fetchAgain();
        answer("200", SET);
        fetchAgain();
        CallListener listener = Objects.requireNonNull(played.listener);
        CallFailure gone = new CallFailure(CallFailure.Kind.RESET, 503, "reset", false);
        onLoop(() -> listener.onFailure(gone));
        assertThat(heard).hasSize(3);
        try (SharedSlot.Lease<SharedKeys> lease = slot.lease()) {
            assertThat(lease.value().get(0)).isNotNull();
        }
    }

    @Test
    void aSetHasAnEnd() throws Exception {
        refresh(600_000, 1000);
        answer("200", new byte[(1 << 20) + 1]);
        assertThat(heard).containsExactly("failed: the response exceeds 1048576 bytes");
    }
}
