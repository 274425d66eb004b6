package dev.attache.filters.http.author;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attache.filter.BlockingFilter;
import dev.attache.filter.CallException;
import dev.attache.filter.CallRequest;
import dev.attache.filter.Filter;
import dev.attache.filter.Response;
import dev.attache.proxy.call.CallFailure;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BlockingTierTest {

    private static FilterSetup blocking(BlockingFilter filter) {
        return AuthorSetup.of(Filter.blocking(filter));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Test
    void whatIsNotTouchedPassesByAsItCame() {
        blocking((request, chain) -> chain.proceed(request))
                .everyCut(harness -> {
                    Exchange exchange = harness.request("POST", "/", "x-a", "1");
                    exchange.body("hello, ").end("all").awaitForwarded();
                    harness.await("the request", () -> exchange.forwarded().ended());
                    exchange.respond(200, "x-b", "2")
                            .responseBody("fine, ")
                            .responseTrailers("x-c", "3");
                    exchange.awaitResponse();
                    harness.await("the response", () -> exchange.response().ended());
                    assertThat(exchange.forwarded().body()).isEqualTo("hello, all");
                    assertThat(exchange.forwarded().header("x-a")).isEqualTo("1");
                    assertThat(exchange.response().body()).isEqualTo("fine, ");
                    assertThat(exchange.response().trailer("x-c")).isEqualTo("3");
                    return String.valueOf(exchange.response().header("x-b"));
                });
    }

    @Test
    void bodiesAreReadAndReplacedInBothDirections() {
        blocking(
                        (request, chain) -> {
                            request.body((text(request.body()) + "!").getBytes(UTF_8));
                            Response response = chain.proceed(request);
                            response.body(("<" + text(response.body()) + ">").getBytes(UTF_8));
                            response.status(201);
                            return response;
                        })
                .everyCut(harness -> {
                    Exchange exchange =
                            harness.request("POST", "/", "content-length", "5")
                                    .body("he")
                                    .end("llo");
                    exchange.awaitForwarded();
                    assertThat(exchange.forwarded().body()).isEqualTo("hello!");
                    assertThat(exchange.forwarded().header("content-length")).isEqualTo("6");
                    exchange.respond(200, "content-length", "4")
                            .responseBody("fi")
                            .responseEnd("ne");
                    exchange.awaitResponse();
                    assertThat(exchange.response().status()).isEqualTo(201);
                    assertThat(exchange.response().header("content-length")).isEqualTo("6");
                    return exchange.response().body();
                });
    }

    @Test
    void aBodyMayComeWhereNoneWasAndGoWhereOneWas() {
        FilterSetup setup =
                blocking((request, chain) -> {
                    request.body(request.method().equals("GET") ? new byte[] {'a'} : new byte[0]);
                    return chain.proceed(request);
                });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").awaitForwarded();
            assertThat(exchange.forwarded().body()).isEqualTo("a");
        }
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("long").awaitForwarded();
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(exchange.forwarded().body()).isEmpty();
            exchange.end("er").respond(200).responseEnd("ok").awaitResponse();
            assertThat(exchange.response().body()).isEqualTo("ok");
        }
    }

    @Test
    void trailersAreSeenAndChanged() {
        FilterSetup setup =
                blocking((request, chain) -> {
                    Objects.requireNonNull(request.trailers()).set("x-t", "2");
                    Response response = chain.proceed(request);
                    assertThat(response.trailers()).isNull();
                    return response;
                });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("b").trailers("x-t", "1");
            exchange.awaitForwarded();
            assertThat(exchange.forwarded().trailer("x-t")).isEqualTo("2");
            exchange.respond(200).responseEnd("ok").awaitResponse();
            assertThat(exchange.response().body()).isEqualTo("ok");
        }
    }

    @Test
    void longerThanTheLimitIs413AndForAResponse500() {
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        FilterSetup setup =
                blocking(
                                (request, chain) -> {
                                    try {
                                        request.body();
                                        Response response = chain.proceed(request);
                                        response.body();
                                        return response;
                                    } catch (InterruptedException e) {
                                        seen.set(e);
                                        throw e;
                                    }
                                })
                        .bufferLimit(8);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("much").body(" too long");
            exchange.awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(413);
            assertThat(exchange.details()).isEqualTo("request_payload_too_large");
            harness.await("the interrupt", () -> seen.get() != null);
            assertThat(harness.exceptions()).isZero();
        }
        seen.set(null);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").awaitForwarded();
            exchange.respond(200).responseBody("much").responseBody(" too long").awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.details()).isEqualTo("response_payload_too_large");
            harness.await("the interrupt", () -> seen.get() != null);
        }
    }

    @Test
    void oneLongPieceGoesOnUnlessItIsRead() {
        try (FilterHarness harness =
                blocking((request, chain) -> chain.proceed(request)).bufferLimit(4).open()) {
            Exchange exchange = harness.post("/", "longer than that").awaitForwarded();
            harness.await("its body", () -> exchange.forwarded().ended());
            assertThat(exchange.forwarded().body()).isEqualTo("longer than that");
        }
        FilterSetup reads =
                blocking(
                                (request, chain) -> {
                                    request.body();
                                    return chain.proceed(request);
                                })
                        .bufferLimit(4);
        try (FilterHarness harness = reads.open()) {
            Exchange exchange = harness.post("/", "longer than that").awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(413);
            assertThat(exchange.forwarded().began()).isFalse();
        }
    }

    @Test
    void theSourceWaitsWhileNobodyReads() {
        CountDownLatch go = new CountDownLatch(1);
        FilterSetup setup =
                blocking(
                                (request, chain) -> {
                                    go.await();
                                    return chain.proceed(request);
                                })
                        .bufferLimit(4);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("much to");
            assertThat(exchange.isClientHeld()).isTrue();
            go.countDown();
            exchange.awaitForwarded();
            assertThat(exchange.isClientHeld()).isFalse();
            exchange.end(" read").respond(200).responseEnd("ok").awaitResponse();
            assertThat(exchange.forwarded().body()).isEqualTo("much to read");
        }
    }

    @Test
    void aClientThatLeavesInterruptsWhateverItWaitsFor() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> later = new AtomicReference<>();
        FilterSetup setup =
                blocking((request, chain) -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        try {
                            chain.proceed(request);
                        } catch (InterruptedException again) {
                            later.set(again);
                        }
                        interrupted.countDown();
                    }
                    throw new IllegalStateException("of no consequence");
                });
        try (FilterHarness harness = setup.open()) {
            harness.get("/").clientLeaves();
            harness.await("the interrupt", () -> interrupted.getCount() == 0);
            assertThat(later.get()).isInstanceOf(InterruptedException.class);
            assertThat(harness.exceptions()).isZero();
        }
    }

    @Test
    void whatItThrowsCostsItsStream() {
        FilterSetup setup =
                blocking((request, chain) -> {
                    throw new java.io.IOException("no database");
                });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.details()).isEqualTo("filter_exception{com.example.tested}");
            assertThat(harness.exceptions()).isEqualTo(1);
        }
    }

    @Test
    void itAnswersByItselfAndInPlaceOfAResponse() {
        FilterSetup setup =
                blocking((request, chain) -> {
                    if (request.path().equals("/later")) {
                        chain.proceed(request);
                    }
                    Response own = chain.answer(418, new byte[] {1, -1});
                    own.headers().set("x-own", "yes");
                    return own;
                });
        try (FilterHarness harness = setup.open()) {
            Exchange now = harness.get("/").awaitResponse();
            assertThat(now.response().status()).isEqualTo(418);
            assertThat(now.response().bytes()).containsExactly(1, -1);
            assertThat(now.response().header("x-own")).isEqualTo("yes");
            assertThat(now.details()).isEqualTo("filter_answer{com.example.tested}");
            Exchange later = harness.get("/later").awaitForwarded();
            later.respond(200, "x-theirs", "1").responseBody("dropped").awaitResponse();
            assertThat(later.response().status()).isEqualTo(418);
            assertThat(later.response().header("x-theirs")).isNull();
            later.responseEnd("too");
            assertThat(later.response().bytes()).containsExactly(1, -1);
        }
    }

    @Test
    void callsReturnOrThrow() {
        AtomicReference<CallException> failed = new AtomicReference<>();
        FilterSetup setup =
                blocking((request, chain) -> {
                    byte[] found =
                            chain.call(CallRequest.http("db", "POST", "/q").body(new byte[] {'q'}))
                                    .body();
                    byte[] message =
                            chain.call(
                                            CallRequest.grpc("rpc", "p.S/M", new byte[] {'m'})
                                                    .header("x-who", "100%"))
                                    .body();
                    try {
                        chain.call(
                                CallRequest.grpc("rpc", "p.S/M", new byte[0])
                                        .timeout(Duration.ofMillis(70)));
                    } catch (CallException e) {
                        failed.set(e);
                    }
                    request.headers().set("x-found", text(found) + text(message));
                    return chain.proceed(request);
                });
        try (FilterHarness harness = setup.open()) {
            harness.calls().answer("db", CallAnswer.status(200).body("d"));
            harness.calls()
                    .answer("rpc", CallAnswer.grpc(0, new byte[] {'r'}), CallAnswer.grpc(7, null));
            Exchange exchange = harness.get("/").awaitForwarded();
            assertThat(exchange.forwarded().header("x-found")).isEqualTo("dr");
            assertThat(failed.get().kind()).isEqualTo(CallException.Kind.GRPC_STATUS);
            assertThat(failed.get().code()).isEqualTo(7);
            assertThat(harness.calls().made().get(0).request().body()).isEqualTo("q");
            assertThat(harness.calls().made().get(1).request().header("x-who")).isEqualTo("100%");
            assertThat(harness.calls().last().timeoutMillis()).isEqualTo(70);
        }
    }

    /** Written out, one of these would be two fields, or another request. */
    @Test
    void whatWouldBeMoreThanOneFieldIsRefused() {
        String two = "x-a: 1\r\nx-evil";
        List<Throwable> refused = new ArrayList<>();
        FilterSetup setup =
                blocking((request, chain) -> {
                    Response own = chain.answer(200, new byte[0]);
                    CallRequest call = CallRequest.http("db", "GET", "/");
                    List<ThrowingCallable> tries =
                            List.of(
                                    () -> request.headers().set(two, "2"),
                                    () -> request.headers().add("x foo:", "2"),
                                    () -> request.headers().set("", "2"),
                                    () -> own.headers().set(two, "2"),
                                    () -> own.headers().set("x-a", "1\r\nx-evil: 2"),
                                    () -> chain.call(call.header(two, "2")),
                                    () -> chain.call(call.header("x-a", "1\r\nx-evil: 2")),
                                    () -> CallRequest.http("db", "GET / x", "/"),
                                    () -> CallRequest.http("db", "GET", "/a b"),
                                    () -> CallRequest.http("db", "GET", "a"),
                                    () -> call.authority("a\r\nb"));
                    tries.forEach(each -> refused.add(catchThrowable(each)));
                    return own;
                });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(200);
            assertThat(refused)
                    .hasSize(11)
                    .allMatch(thrown -> thrown instanceof IllegalArgumentException);
            assertThat(refused.getFirst()).hasMessageContaining("x-a: 1\\r\\nx-evil");
            assertThat(harness.calls().made()).isEmpty();
        }
    }

    @Test
    void failuresOfCallsHaveAKind() {
        AtomicReference<CallException> failed = new AtomicReference<>();
        FilterSetup setup =
                blocking((request, chain) -> {
                    try {
                        chain.call(CallRequest.http("db", "GET", "/"));
                    } catch (CallException e) {
                        failed.set(e);
                    }
                    return chain.answer(200, new byte[0]);
                });
        for (CallFailure.Kind kind : CallFailure.Kind.values()) {
            try (FilterHarness harness = setup.open()) {
                harness.calls().answer("db", CallAnswer.failure(kind));
                harness.get("/").awaitResponse();
                assertThat(failed.get().kind().name()).isEqualTo(kind.name());
            }
        }
    }

    @Test
    void theStreamIsAskedFromTheThread() {
        FilterSetup setup =
                blocking(
                                (request, chain) -> {
                                    var stream = chain.stream();
                                    stream.putMetadata("m", Map.of("n", 1.5, "t", "é"));
                                    stream.state("s", "value");
                                    String said =
                                            stream.override(String.class)
                                                    + stream.metadata("m", "n")
                                                    + stream.metadata("m", "t")
                                                    + stream.state("s")
                                                    + stream.facts().responseCode()
                                                    + stream.facts().routeName()
                                                    + stream.filterName();
                                    request.headers().set("x-said", said);
                                    return chain.proceed(request);
                                })
                        .override(OverrideLevel.ROUTE, "say: hi");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").awaitForwarded();
            assertThat(exchange.forwarded().header("x-said")).startsWith("hi1.5éva");
            assertThat(exchange.forwarded().header("x-said")).endsWith("tested");
        }
    }

    @Test
    void goingOnTwiceIsAMistake() {
        FilterSetup setup =
                blocking((request, chain) -> {
                    Response response = chain.proceed(request);
                    assertThatThrownBy(() -> chain.proceed(request))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("gone on before");
                    return response;
                });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").awaitForwarded();
            exchange.respond(200).responseEnd("ok").awaitResponse();
            assertThat(exchange.response().body()).isEqualTo("ok");
        }
    }

    @Test
    void nothingIsLeftBehindWhereverTheStreamEnds() {
        blocking(
                        (request, chain) -> {
                            request.body();
                            Response response = chain.proceed(request);
                            response.body((text(response.body()) + "!").getBytes(UTF_8));
                            return response;
                        })
                .everyDeparture(harness ->
                        harness.request("POST", "/")
                                .body("some")
                                .end("thing")
                                .awaitForwarded()
                                .respond(200)
                                .responseBody("o")
                                .responseTrailers("x-t", "1")
                                .awaitResponse());
    }
}
