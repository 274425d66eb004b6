package dev.attache.proxy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Filters on one stream, without a network: what each sees, and what comes out at the end.
 *
 * <p>Longer than files here should be: all cases share one stream and two filters that write down
 * what they see.
 */
final class FilterPipelineTest {

    private final List<ByteBuf> buffers = new ArrayList<>();
    private final TestStream stream = new TestStream();
    private final Probe first = new Probe();
    private final Probe second = new Probe();
    private final FilterPipeline pipeline =
            new FilterPipeline(stream, new HttpFilter[] {first, second}, new String[] {"a", "b"});

    @AfterEach
    void everyBufferIsGivenBack() {
        pipeline.end(StreamEnd.COMPLETE);
        for (ByteBuf buffer : buffers) {
            assertThat(buffer.refCnt()).isZero();
        }
        assertThat(stream.memory().memory().directHeld()).isZero();
        assertThat(stream.memory().memory().heapHeld()).isZero();
    }

    @Test
    void continuePassesEverythingOn() {
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("ab"), false);
        pipeline.requestData(buf("c"), false);
        pipeline.requestTrailers(new Headers());
        assertThat(first.log).containsExactly("headers", "ab", "c", "trailers");
        assertThat(second.log).isEqualTo(first.log);
        assertThat(stream.unanswered).isEqualTo(1);
    }

    @Test
    void pausedHeadersHoldBodyAndTrailersInFrontOfTheFilter() {
        first.onHeaders = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("ab"), false);
        pipeline.requestTrailers(new Headers());
        assertThat(first.log).containsExactly("headers");
        assertThat(second.log).isEmpty();
        first.resume(Direction.REQUEST);
        assertThat(first.log).containsExactly("headers", "ab", "trailers");
        assertThat(second.log).containsExactly("headers", "ab", "trailers");
    }

    @Test
    void aFilterTakesOverTheHeadersThatItHoldsAndSeesWhatWaits() {
        first.onHeaders = Step.PAUSE;
        first.onData = Step.DONE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("ab"), false);
        pipeline.requestData(buf("c"), true);
        first.context().takeOver(Direction.REQUEST);
        assertThat(first.log).containsExactly("headers", "abc end");
        assertThat(second.log).isEmpty();
        assertThat(stream.unanswered).isZero();
    }

    @Test
    void aCallFromAnotherThreadIsRefusedThereWithBothNames() throws InterruptedException {
        first.onHeaders = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), true);
        FilterContext context = first.context();
        List<String> refused = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Runnable> calls =
                List.of(
                        () -> context.resume(Direction.REQUEST),
                        () -> context.respond(LocalReply.of(500, "", "x")),
                        () -> context.valve(Direction.REQUEST),
                        () -> context.response().headers(new Headers(), true),
                        () -> context.requestHeaders());
        Thread.ofPlatform()
                .name("stranger")
                .start(() -> {
                    for (Runnable call : calls) {
                        try {
                            call.run();
                        } catch (IllegalStateException e) {
                            refused.add(e.getMessage());
                        }
                    }
                })
                .join();
        assertThat(refused).hasSize(calls.size());
        assertThat(refused.getFirst())
                .contains("FilterContext.resume of filter 'a'", "'stranger'")
                .contains("thread '" + Thread.currentThread().getName() + "'");
        assertThat(second.log).isEmpty();
        first.resume(Direction.REQUEST);
        assertThat(second.log).containsExactly("headers end");
    }

    @Test
    void pausedDataWaitsBehindTheFilterAndKeepsItsOrder() {
        first.onData = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("one"), false);
        pipeline.requestData(buf("two"), true);
        assertThat(first.log).containsExactly("headers", "one");
        assertThat(second.log).containsExactly("headers");
        first.onData = Step.CONTINUE;
        first.resume(Direction.REQUEST);
        assertThat(first.log).containsExactly("headers", "one", "two end");
        assertThat(second.log).containsExactly("headers", "one", "two end");
    }

    @Test
    void bufferShowsTheWholeBodyOnceEvenByteByByte() {
        first.onHeaders = Step.BUFFER;
        pipeline.requestHeaders(new Headers(), false);
        String body = "hello, all";
        for (int i = 0; i < body.length(); i++) {
            pipeline.requestData(buf(body.substring(i, i + 1)), i == body.length() - 1);
        }
        assertThat(first.log).containsExactly("headers", "hello, all end");
        assertThat(second.log).containsExactly("headers", "hello, all end");
    }

    @Test
    void bufferedBodyEndsWithTheTrailers() {
        first.onHeaders = Step.BUFFER;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("ab"), false);
        pipeline.requestData(buf("cd"), false);
        assertThat(second.log).isEmpty();
        pipeline.requestTrailers(new Headers());
        assertThat(first.log).containsExactly("headers", "abcd", "trailers");
        assertThat(second.log).containsExactly("headers", "abcd", "trailers");
    }

    @Test
    void bufferOfABodilessRequestDoesNotWait() {
        first.onHeaders = Step.BUFFER;
        pipeline.requestHeaders(new Headers(), true);
        assertThat(second.log).containsExactly("headers end");
    }

    @Test
    void twoFiltersMayBufferOneAfterTheOther() {
        first.onHeaders = Step.BUFFER;
        second.onHeaders = Step.BUFFER;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("ab"), false);
        pipeline.requestData(buf("cd"), true);
        assertThat(second.log).containsExactly("headers", "abcd end");
        assertThat(stream.unanswered).isEqualTo(1);
    }

    @Test
    void tooMuchToBufferIsRefusedInBothDirections() {
        first.onHeaders = Step.BUFFER;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("x".repeat(11)), false);
        assertThat(stream.replies).containsExactly("413 request_payload_too_large");
        pipeline.reply(LocalReply.of(413, "", ""), new Headers(), null);
        pipeline.requestData(buf("late"), true);
        assertThat(first.log).containsExactly("headers");

        first.onResponseHeaders = Step.BUFFER;
        HttpSink sink = second.context().response();
        sink.headers(new Headers(), false);
        sink.data(buf("x".repeat(11)), false);
        assertThat(stream.replies).contains("500 response_payload_too_large");
    }

    @Test
    void whatIsPausedBeyondTheLimitHoldsTheSource() {
        first.onHeaders = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("x".repeat(10)), false);
        assertThat(stream.held).isZero();
        pipeline.requestData(buf("y"), false);
        pipeline.requestData(buf("z"), false);
        assertThat(stream.held).isEqualTo(1);
        first.resume(Direction.REQUEST);
        assertThat(stream.held).isZero();
        assertThat(second.log).containsExactly("headers", "x".repeat(10) + "yz");
    }

    @Test
    void aFilterThatGaveUpBufferingIsHeldBackAndNotRefused() {
        first.onHeaders = Step.BUFFER;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("early"), false);
        first.onData = Step.PAUSE;
        first.resume(Direction.REQUEST);
        assertThat(first.log).containsExactly("headers", "early");
        pipeline.requestData(buf("x".repeat(11)), false);
        assertThat(stream.replies).isEmpty();
        assertThat(stream.held).isEqualTo(1);
        first.onData = Step.CONTINUE;
        first.resume(Direction.REQUEST);
        assertThat(second.log).containsExactly("headers", "early", "x".repeat(11));
        assertThat(stream.held).isZero();
    }

    @Test
    void injectedDataGoesOnBehindTheFilter() {
        first.onData = Step.DONE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("swallowed"), true);
        assertThat(second.log).containsExactly("headers");
        first.context().inject(Direction.REQUEST, buf("instead"), true);
        assertThat(second.log).containsExactly("headers", "instead end");
    }

    @Test
    void aPausedFilterMaySeeTheBodyAsItComes() {
        first.streamWhilePaused = true;
        first.onHeaders = Step.PAUSE;
        first.onData = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("a"), false);
        pipeline.requestData(buf("b"), true);
        assertThat(first.log).containsExactly("headers", "a", "b end");
        assertThat(second.log).isEmpty();
        first.resume(Direction.REQUEST);
        assertThat(second.log).containsExactly("headers", "ab end");
    }

    @Test
    void theResponseRunsDownwardsFromTheFilterThatAnswers() {
        second.onHeaders = Step.DONE;
        pipeline.requestHeaders(new Headers(), true);
        HttpSink sink = second.context().response();
        sink.headers(new Headers(), false);
        sink.data(buf("body"), false);
        sink.trailers(new Headers());
        assertThat(second.log).containsExactly("headers end");
        assertThat(first.responseLog).containsExactly("headers", "body", "trailers");
        assertThat(second.responseLog).isEmpty();
        assertThat(stream.sink.events).containsExactly("headers", "trailers");
        assertThat(stream.sink.body).hasToString("body");
    }

    @Test
    void aBufferedResponseArrivesWhole() {
        first.onResponseHeaders = Step.BUFFER;
        HttpSink sink = second.context().response();
        sink.headers(new Headers(), false);
        for (char c : "response".toCharArray()) {
            sink.data(buf(String.valueOf(c)), c == 'x');
        }
        assertThat(stream.sink.events).isEmpty();
        sink.data(buf("!"), true);
        assertThat(first.responseLog).containsExactly("headers", "response! end");
        assertThat(stream.sink.events).containsExactly("headers", "data end");
    }

    @Test
    void localRepliesRunThroughEveryFilter() {
        pipeline.reply(LocalReply.of(403, "no", "test"), new Headers(), buf("no"));
        assertThat(second.responseLog).containsExactly("headers", "no end");
        assertThat(first.responseLog).containsExactly("headers", "no end");
        assertThat(stream.sink.body).hasToString("no");
    }

    @Test
    void informationalHeadersAreShownAndSent() {
        Headers early = new Headers();
        early.add(HeaderName.STATUS, "103");
        second.context().response().informational(early);
        assertThat(first.responseLog).containsExactly("1xx");
        assertThat(stream.sink.events).containsExactly("informational 103");
    }

    @Test
    void aFilterThatThrowsCostsItsStreamAndGivesItsBuffersBack() {
        stream.answering = pipeline;
        second.breaks = "onRequestData";
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("bad"), false);
        pipeline.requestData(buf("late"), true);
        assertThat(stream.failures).containsExactly("b onRequestData broken");
        assertThat(stream.replies).containsExactly("500 filter_exception{b}");
        assertThat(first.log).containsExactly("headers", "bad");
        assertThat(first.responseLog).containsExactly("headers end");
        assertThat(stream.sink.events).containsExactly("headers end");
    }

    @Test
    void aFilterThatThrowsOnEveryResponseStillLetsTheReplyOut() {
        stream.answering = pipeline;
        first.breaks = "onResponseHeaders";
        pipeline.requestHeaders(new Headers(), true);
        HttpSink sink = second.context().response();
        sink.headers(new Headers(), false);
        sink.data(buf("never seen"), true);
        assertThat(stream.failures).containsExactly("a onResponseHeaders broken");
        assertThat(stream.sink.events).containsExactly("headers end");
        assertThat(stream.sink.body.toString()).isEmpty();
    }

    @Test
    void everyFilterHearsOfTheEndWhateverTheOthersDo() {
        first.breaks = "onStreamEnd";
        pipeline.end(StreamEnd.COMPLETE);
        assertThat(first.ended).isEqualTo(1);
        assertThat(second.ended).isEqualTo(1);
        assertThat(stream.failures).containsExactly("a onStreamEnd broken");
    }

    @Test
    void aReplyWhileTheResponseIsHeldByAFilterGoesStraightToTheClient() {
        stream.answering = pipeline;
        first.onResponseHeaders = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), true);
        HttpSink sink = second.context().response();
        sink.headers(new Headers(), false);
        sink.data(buf("held"), false);
        stream.localReply(LocalReply.of(504, "", "timeout"));
        sink.data(buf("more"), true);
        first.resume(Direction.RESPONSE);
        assertThat(stream.sink.events).containsExactly("headers end");
        assertThat(first.responseLog).containsExactly("headers");
    }

    @Test
    void tooLongAResponseIsAnsweredOnceAlsoWhereTheFilterBuffersEverything() {
        stream.answering = pipeline;
        first.onResponseHeaders = Step.BUFFER;
        pipeline.requestHeaders(new Headers(), true);
        HttpSink sink = second.context().response();
        sink.headers(new Headers(), false);
        sink.data(buf("x".repeat(11)), false);
        sink.data(buf("more"), true);
        assertThat(stream.replies).containsExactly("500 response_payload_too_large");
        assertThat(stream.sink.events).containsExactly("headers end");
    }

    @Test
    void bodyThatGoesOnTakesTheHeldHeadersWithIt() {
        first.streamWhilePaused = true;
        first.onHeaders = Step.PAUSE;
        first.onData = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("a"), false);
        first.onData = Step.CONTINUE;
        pipeline.requestData(buf("b"), true);
        assertThat(second.log).containsExactly("headers", "ab end");
    }

    @Test
    void trailersThatGoOnTakeHeadersAndBodyWithThem() {
        first.streamWhilePaused = true;
        first.onHeaders = Step.PAUSE;
        first.onData = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), false);
        pipeline.requestData(buf("a"), false);
        pipeline.requestTrailers(new Headers());
        assertThat(second.log).containsExactly("headers", "a", "trailers");
    }

    @Test
    void injectedDataDoesNotOvertakeHeldHeaders() {
        first.onHeaders = Step.PAUSE;
        pipeline.requestHeaders(new Headers(), false);
        first.context().inject(Direction.REQUEST, buf("instead"), true);
        first.resume(Direction.REQUEST);
        assertThat(second.log).containsExactly("headers", "instead end");
    }

    @Test
    void aResponseHeldBeforeItsSourceIsKnownIsHeldOnceItIs() {
        pipeline.requestHeaders(new Headers(), true);
        Valve valve = second.context().valve(Direction.RESPONSE);
        valve.hold();
        assertThat(stream.held).isZero();
        second.context().source(stream);
        assertThat(stream.held).isEqualTo(1);
        valve.release();
        assertThat(stream.held).isZero();
    }

    private ByteBuf buf(String text) {
        ByteBuf buffer = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        buffers.add(buffer);
        return buffer;
    }

    /** Writes down what it sees and answers as it is told. */
    private final class Probe implements HttpFilter {
        final List<String> log = new ArrayList<>();
        final List<String> responseLog = new ArrayList<>();
        Step onHeaders = Step.CONTINUE;
        Step onData = Step.CONTINUE;
        Step onResponseHeaders = Step.CONTINUE;
        boolean streamWhilePaused;

        /** The callback that throws. */
        String breaks = "";

        int ended;

        @Nullable FilterContext context;

        FilterContext context() {
            if (context == null) {
                pipeline.requestHeaders(new Headers(), true);
            }
            return java.util.Objects.requireNonNull(context);
        }

        private void breakIn(String callback) {
            if (breaks.equals(callback)) {
                throw new IllegalStateException("broken");
            }
        }

        @Override
        public void onStreamEnd(StreamEnd why, FilterContext c) {
            ended++;
            breakIn("onStreamEnd");
        }

        void resume(Direction direction) {
            context().resume(direction);
        }

        @Override
        public void onLocalReply(LocalReply reply, FilterContext c) {
            breakIn("onLocalReply");
            context = c;
        }

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext c) {
            breakIn("onRequestHeaders");
            context = c;
            if (streamWhilePaused) {
                c.streamWhilePaused(Direction.REQUEST);
            }
            log.add("headers" + (end ? " end" : ""));
            return onHeaders;
        }

        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext c) {
            breakIn("onRequestData");
            log.add(data.toString(StandardCharsets.ISO_8859_1) + (end ? " end" : ""));
            return onData;
        }

        @Override
        public Step onRequestTrailers(Headers trailers, FilterContext c) {
            breakIn("onRequestTrailers");
            log.add("trailers");
            return Step.CONTINUE;
        }

        @Override
        public void onResponseInformational(Headers headers, FilterContext c) {
            breakIn("onResponseInformational");
            responseLog.add("1xx");
        }

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext c) {
            breakIn("onResponseHeaders");
            responseLog.add("headers" + (end ? " end" : ""));
            return onResponseHeaders;
        }

        @Override
        public Step onResponseData(ByteBuf data, boolean end, FilterContext c) {
            breakIn("onResponseData");
            responseLog.add(data.toString(StandardCharsets.ISO_8859_1) + (end ? " end" : ""));
            return Step.CONTINUE;
        }

        @Override
        public Step onResponseTrailers(Headers trailers, FilterContext c) {
            breakIn("onResponseTrailers");
            responseLog.add("trailers");
            return Step.CONTINUE;
        }
    }
}
