package dev.attache.filters.injected_credentials.oauth2;

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
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.upstream.dial.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When tokens are fetched again, and what is counted and said of it. */
final class TokenRefreshTest {

    private final List<String> heard = new ArrayList<>();
    private final Played played = new Played();
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Around around = new Around();
    private final StatsStore stats = new StatsStore();
    private final TokenCounts counts = new TokenCounts();
    private final SecretRef<TlsSecret.Generic> secret = SecretRef.awaiting("client");
    private final SharedSlot<AccessToken> slot =
            new SharedState().slot(AccessToken.class, "k", AccessToken::new);

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
            data.release();
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

    private TokenRefresh start() throws Exception {
        TokenRequest request =
                new TokenRequest("c", "a.test", "/t", 100, "id", "client", "", List.of());
        TokenRefresh refresh = new TokenRefresh(request, secret, 2, slot, counts);
        onLoop(() -> refresh.start(around, outcome));
        return refresh;
    }

    /** The task, and what it puts onto the loop. */
    private void onLoop(Runnable task) throws InterruptedException, ExecutionException {
        loop.submit(task).get();
        loop.submit(() -> {}).get();
    }

    private void answer(String status, String body) throws Exception {
        CallListener listener = Objects.requireNonNull(played.listener);
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, status);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        onLoop(() -> {
            listener.onHeaders(head, false);
            listener.onData(Unpooled.wrappedBuffer(bytes), true);
        });
    }

    private void fetchAgain() throws Exception {
        onLoop(Objects.requireNonNull(around.due));
    }

    private void tell(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        secret.update(new TlsSecret.Generic(bytes, Map.of()));
    }

    private long counted(String name) {
        counts.into(stats.scope("c."));
        return stats.counter("c." + name).value();
    }

    private @Nullable String token() {
        try (SharedSlot.Lease<AccessToken> lease = slot.lease()) {
            return lease.value().value();
        }
    }

    @Test
    void aTokenIsFetchedAgainWhenHalfOfItsTimeIsOver() throws Exception {
        tell("secret");
        TokenRefresh refresh = start();
        answer("200", "{\"access_token\":\"one\",\"expires_in\":60}");
        assertThat(heard).containsExactly("ready");
        assertThat(token()).isEqualTo("Bearer one");
        assertThat(around.delay).isEqualTo(Duration.ofSeconds(30));
        assertThat(counted("token_requested")).isEqualTo(1);
        assertThat(counted("token_fetched")).isEqualTo(1);
        refresh.close();
        assertThat(around.due).isNull();
    }

    @Test
    void aTokenThatIsGoodForNoTimeIsNotFetchedWithoutEnd() throws Exception {
        tell("secret");
        start();
        answer("200", "{\"access_token\":\"one\",\"expires_in\":0}");
        assertThat(around.delay).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aTokenThatIsGoodForEverIsFetchedAgainAfterAMonth() throws Exception {
        tell("secret");
        start();
        answer("200", "{\"access_token\":\"one\",\"expires_in\":1000000000000000000}");
        assertThat(token()).isEqualTo("Bearer one");
        assertThat(around.delay).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void theFirstOfLaterFailuresIsSaidAndTheTokenStays() throws Exception {
        tell("secret");
        start();
        answer("200", "{\"access_token\":\"one\",\"expires_in\":60}");
        fetchAgain();
        answer("503", "");
        assertThat(around.delay).isEqualTo(Duration.ofSeconds(2));
        fetchAgain();
        answer("200", "{}");
        assertThat(heard)
                .containsExactly(
                        "ready",
                        "warning: OAuth2 token of id from cluster c: the answer is 503; the token"
                                + " of before stays, if there is one");
        assertThat(token()).isEqualTo("Bearer one");
        assertThat(counted("token_fetch_failed_on_bad_response_code")).isEqualTo(1);
        assertThat(counted("token_fetch_failed_on_bad_token")).isEqualTo(1);
    }

    @Test
    void withoutASecretNobodyIsAsked() throws Exception {
        start();
        assertThat(played.listener).isNull();
        assertThat(heard).containsExactly("failed: the client's secret is empty");
        assertThat(counted("token_fetch_failed_on_client_secret")).isEqualTo(1);
        tell("secret");
        fetchAgain();
        answer("200", "{\"access_token\":\"one\",\"expires_in\":60}");
        assertThat(token()).isEqualTo("Bearer one");
    }

    @Test
    void failuresAreCountedByTheirKind() throws Exception {
        tell("secret");
        start();
        fail(new CallFailure(CallFailure.Kind.NO_CLUSTER, 503, "unknown cluster", false));
        fail(new CallFailure(CallFailure.Kind.RESET, 503, "reset", true));
        fail(new CallFailure(CallFailure.Kind.TIMEOUT, 504, "timeout", false));
        assertThat(counted("token_fetch_failed_on_cluster_not_found")).isEqualTo(1);
        assertThat(counted("token_fetch_failed_on_stream_reset")).isEqualTo(1);
        assertThat(counted("token_fetch_failed_on_bad_response_code")).isEqualTo(1);
        assertThat(counted("token_requested")).isEqualTo(2);
    }

    private void fail(CallFailure why) throws Exception {
        CallListener listener = Objects.requireNonNull(played.listener);
        onLoop(() -> listener.onFailure(why));
        fetchAgain();
    }
}
