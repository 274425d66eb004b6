package dev.attache.filters.http.author;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.filter.CallException;
import dev.attache.filter.CallListener;
import dev.attache.filter.CallRequest;
import dev.attache.filter.CallResponse;
import dev.attache.filter.Cancellable;
import dev.attache.filter.Chunk;
import dev.attache.filter.Direction;
import dev.attache.filter.Filter;
import dev.attache.filter.Headers;
import dev.attache.filter.Reply;
import dev.attache.filter.Step;
import dev.attache.filter.StreamEnd;
import dev.attache.filter.StreamHandler;
import dev.attache.filter.StreamingContext;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class StreamingTierTest {

    private static FilterSetup streaming(Supplier<StreamHandler> handlers) {
        return AuthorSetup.of(Filter.streaming(handlers::get));
    }

    @Test
    void aChunkAndItsViewEndWithTheCall() {
        List<Chunk> chunks = new ArrayList<>();
        List<ByteBuffer> views = new ArrayList<>();
        FilterSetup setup =
                streaming(() ->
                        new StreamHandler() {
                            @Override
                            public Step onRequestData(
                                    Chunk chunk, boolean end, StreamingContext stream) {
                                ByteBuffer view = chunk.view();
                                assertThat(view.isReadOnly()).isTrue();
                                assertThat(UTF_8.decode(view.duplicate()).toString())
                                        .isEqualTo("hello");
                                assertThat(chunk.bytes()).asString(UTF_8).isEqualTo("hello");
                                chunks.add(chunk);
                                views.add(view);
                                return Step.CONTINUE;
                            }
                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post("/", "hello");
            assertThat(exchange.forwarded().body()).isEqualTo("hello");
            assertThatThrownBy(() -> chunks.getFirst().bytes())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("lent for one call");
            assertThatThrownBy(() -> views.getFirst().get(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Already closed");
        }
    }

    @Test
    void aChunkIsReplacedOrPassedOnAsItIs() {
        streaming(() ->
                        new StreamHandler() {
                            @Override
                            public Step onResponseHeaders(
                                    Headers headers, boolean end, StreamingContext stream) {
                                headers.remove("content-length");
                                return Step.CONTINUE;
                            }

                            @Override
                            public Step onResponseData(
                                    Chunk chunk, boolean end, StreamingContext stream) {
                                if (end) {
                                    stream.inject(Direction.RESPONSE, chunk, false);
                                    stream.inject(Direction.RESPONSE, "!".getBytes(UTF_8), true);
                                    return Step.DONE;
                                }
                                byte[] upper = chunk.bytes();
                                for (int i = 0; i < upper.length; i++) {
                                    upper[i] = (byte) Character.toUpperCase(upper[i]);
                                }
                                chunk.replace(upper);
                                return Step.CONTINUE;
                            }
                        })
                .everyCut(harness -> {
                    Exchange exchange = harness.get("/").respond(200, "content-length", "4");
                    exchange.responseBody("fi");
                    exchange.responseEnd("NE");
                    return exchange.response().body();
                });
    }

    @Test
    void aWholeBodyIsGatheredAndHeadsWaitForIt() {
        FilterSetup setup =
                streaming(() ->
                                new StreamHandler() {
                                    @Override
                                    public Step onRequestHeaders(
                                            Headers headers, boolean end, StreamingContext stream) {
                                        return Step.BUFFER;
                                    }

                                    @Override
                                    public Step onRequestData(
                                            Chunk chunk, boolean end, StreamingContext stream) {
                                        stream.request()
                                                .set("x-size", Integer.toString(chunk.size()));
                                        return Step.CONTINUE;
                                    }
                                })
                        .bufferLimit(10);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("he").end("llo");
            assertThat(exchange.forwarded().header("x-size")).isEqualTo("5");
            assertThat(
                            harness.request("POST", "/")
                                    .body("0123456789")
                                    .body("a")
                                    .response()
                                    .status())
                    .isEqualTo(413);
        }
    }

    @Test
    void timersAndCallsAndOtherThreadsComeBackToTheWorker() throws Exception {
        FilterSetup setup =
                streaming(() ->
                        new StreamHandler() {
                            private String found = "";

                            @Override
                            public Step onRequestHeaders(
                                    Headers headers, boolean end, StreamingContext stream) {
                                stream.after(Duration.ofMillis(20), () -> call(stream));
                                Cancellable never =
                                        stream.after(Duration.ofMillis(10), () -> found = "never");
                                never.cancel();
                                return Step.PAUSE;
                            }

                            private void call(StreamingContext stream) {
                                stream.call(
                                        CallRequest.http("db", "GET", "/"),
                                        new CallListener() {
                                            @Override
                                            public void onResponse(CallResponse response) {
                                                found += response.header("X-Found");
                                                Thread.ofPlatform()
                                                        .start(() ->
                                                                stream.executor()
                                                                        .execute(() ->
                                                                                finish(stream)));
                                            }

                                            @Override
                                            public void onFailure(CallException why) {
                                                stream.reply(Reply.of(503, "no"));
                                            }
                                        });
                            }

                            private void finish(StreamingContext stream) {
                                stream.request().set("x-found", found);
                                stream.resume(Direction.REQUEST);
                            }
                        });
        try (FilterHarness harness = setup.open()) {
            harness.calls().answer("db", CallAnswer.status(200, "x-found", "it"));
            Exchange exchange = harness.get("/");
            harness.advance(15);
            assertThat(harness.calls().made()).isEmpty();
            harness.advance(10);
            exchange.awaitForwarded();
            assertThat(exchange.forwarded().header("x-found")).isEqualTo("it");
        }
        setup.everyDeparture(harness -> {
            harness.calls().answer("db", CallAnswer.silence());
            harness.get("/");
            harness.advance(30);
        });
    }

    @Test
    void otherThreadsAreRefused() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        FilterSetup setup =
                streaming(() ->
                        new StreamHandler() {
                            @Override
                            public Step onRequestHeaders(
                                    Headers headers, boolean end, StreamingContext stream) {
                                Thread other =
                                        Thread.ofPlatform()
                                                .uncaughtExceptionHandler((t, e) -> thrown.add(e))
                                                .start(() -> stream.resume(Direction.REQUEST));
                                try {
                                    other.join();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                return Step.CONTINUE;
                            }
                        });
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            assertThat(thrown).hasSize(1).first().isInstanceOf(IllegalStateException.class);
            assertThat(thrown.getFirst())
                    .hasMessageStartingWith("resume() of a stream of filter 'com.example.tested'")
                    .hasMessageContaining("executor()");
        }
    }

    @Test
    void aStepThatIsNullCostsTheStreamAndIsNamed() {
        FilterSetup setup =
                streaming(() ->
                        new StreamHandler() {
                            @Override
                            @SuppressWarnings("NullAway") // as code that nobody checks may do
                            public Step onResponseData(
                                    Chunk chunk, boolean end, StreamingContext stream) {
                                return null;
                            }
                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").respond(200).responseBody("x");
            assertThat(exchange.isOver()).isTrue();
            assertThat(exchange.details()).isEqualTo("filter_exception{com.example.tested}");
            assertThat(harness.exceptions()).isEqualTo(1);
        }
    }

    @Test
    void repliesAndTheEndAreHeard() {
        List<String> heard = new ArrayList<>();
        FilterSetup setup =
                streaming(() ->
                        new StreamHandler() {
                            @Override
                            public Step onRequestHeaders(
                                    Headers headers, boolean end, StreamingContext stream) {
                                stream.reply(Reply.of(429, "slowly\n").header("x-wait", "1"));
                                return Step.CONTINUE;
                            }

                            @Override
                            public void onLocalReply(Reply reply, StreamingContext stream) {
                                heard.add(
                                        reply.status()
                                                + " "
                                                + reply.details()
                                                + " "
                                                + reply.headers());
                            }

                            @Override
                            public void onStreamEnd(StreamEnd why, StreamingContext stream) {
                                heard.add(why + " " + stream.facts().responseCode());
                            }
                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.response().status()).isEqualTo(429);
            assertThat(exchange.response().header("x-wait")).isEqualTo("1");
            assertThat(exchange.forwarded().began()).isFalse();
            assertThat(heard)
                    .containsExactly(
                            "429 filter_reply{com.example.tested} [x-wait=1]", "COMPLETE 429");
        }
    }

    @Test
    void whatACallbackThrowsCostsTheStream() {
        FilterSetup setup =
                streaming(() ->
                        new StreamHandler() {
                            @Override
                            public Step onRequestHeaders(
                                    Headers headers, boolean end, StreamingContext stream) {
                                stream.executor()
                                        .execute(() -> {
                                            throw new IllegalArgumentException("a mistake");
                                        });
                                return Step.PAUSE;
                            }
                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.details()).isEqualTo("filter_exception{com.example.tested}");
            assertThat(harness.exceptions()).isEqualTo(1);
        }
    }

    @Test
    void interimResponsesAreSeen() {
        FilterSetup setup =
                streaming(() ->
                        new StreamHandler() {
                            private int seen;

                            @Override
                            public void onResponseInformational(
                                    Headers headers, StreamingContext stream) {
                                headers.set("x-seen", "yes");
                                seen++;
                            }

                            @Override
                            public Step onResponseHeaders(
                                    Headers headers, boolean end, StreamingContext stream) {
                                headers.set("x-interim", Integer.toString(seen));
                                return Step.CONTINUE;
                            }
                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/").informational(103, "link", "</a>");
            exchange.respond(200).responseEnd("ok");
            assertThat(exchange.response().header("x-interim")).isEqualTo("1");
        }
    }

    @Test
    void aBodyIsHeldAndItsSourceWaits() {
        List<StreamingContext> streams = new ArrayList<>();
        FilterSetup setup =
                streaming(() ->
                                new StreamHandler() {
                                    @Override
                                    public Step onRequestData(
                                            Chunk chunk, boolean end, StreamingContext stream) {
                                        streams.add(stream);
                                        return streams.size() == 1 ? Step.PAUSE : Step.CONTINUE;
                                    }
                                })
                        .bufferLimit(4);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("hello");
            assertThat(exchange.isClientHeld()).isTrue();
            assertThat(exchange.forwarded().body()).isEmpty();
            streams.getFirst().resume(Direction.REQUEST);
            assertThat(exchange.isClientHeld()).isFalse();
            exchange.end(", all");
            assertThat(exchange.forwarded().body()).isEqualTo("hello, all");
        }
    }
}
