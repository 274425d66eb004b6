package dev.attache.proxy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Messages that a filter gives another shape, in both directions: what the filter behind sees.
 *
 * <p>Longer than files here should be: each case is a few lines, and all need the same filters.
 */
final class MessageShapesTest {

    private final List<ByteBuf> buffers = new ArrayList<>();
    private final TestStream stream = new TestStream();
    private final Shaper shaper = new Shaper();
    private final Witness behind = new Witness();
    private final Source source = new Source();
    private FilterPipeline pipeline =
            new FilterPipeline(stream, new HttpFilter[] {shaper}, new String[] {"a"});

    @AfterEach
    void everyBufferIsGivenBack() {
        pipeline.end(StreamEnd.COMPLETE);
        for (ByteBuf buffer : buffers) {
            assertThat(buffer.refCnt()).isZero();
        }
        assertThat(stream.memory().memory().directHeld()).isZero();
        assertThat(stream.memory().memory().heapHeld()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_body_where_none_was(Direction direction) {
        start(direction);
        shaper.onHeaders =
                (headers, context) -> {
                    context.injectHeaders(direction, headers, false);
                    context.inject(direction, buf("body"), true);
                    return Step.DONE;
                };
        headers(true);
        assertThat(behind.log).containsExactly("headers", "body end");
    }

    @ParameterizedTest
    @EnumSource
    void trailers_behind_a_head_that_stood_alone(Direction direction) {
        start(direction);
        shaper.onHeaders =
                (headers, context) -> {
                    context.injectHeaders(direction, headers, false);
                    context.injectTrailers(direction, new Headers());
                    return Step.DONE;
                };
        headers(true);
        assertThat(behind.log).containsExactly("headers", "trailers");
    }

    @ParameterizedTest
    @EnumSource
    void no_body_where_one_was_and_the_rest_is_dropped(Direction direction) {
        start(direction);
        shaper.onHeaders =
                (headers, context) -> {
                    context.injectHeaders(direction, headers, true);
                    return Step.DONE;
                };
        headers(false);
        data("gone", false);
        data("gone", false);
        trailers();
        assertThat(behind.log).containsExactly("headers end");
        assertThat(shaper.log).containsExactly("headers");
    }

    @ParameterizedTest
    @EnumSource
    void trailers_where_none_were(Direction direction) {
        start(direction);
        shaper.onData =
                (data, end, context) -> {
                    if (!end) {
                        return Step.CONTINUE;
                    }
                    context.inject(direction, data.retain(), false);
                    context.injectTrailers(direction, new Headers());
                    return Step.DONE;
                };
        headers(false);
        data("one", false);
        data("two", true);
        assertThat(behind.log).containsExactly("headers", "one", "two", "trailers");
    }

    @ParameterizedTest
    @EnumSource
    void trailers_that_become_body(Direction direction) {
        start(direction);
        shaper.onTrailers =
                context -> {
                    context.inject(direction, buf("trailers as text"), true);
                    return Step.DONE;
                };
        headers(false);
        data("one", false);
        trailers();
        assertThat(behind.log).containsExactly("headers", "one", "trailers as text end");
    }

    @ParameterizedTest
    @EnumSource
    void body_held_on_its_way_goes_before_what_is_added(Direction direction) {
        start(direction);
        shaper.onData = (data, end, context) -> Step.PAUSE;
        shaper.onTrailers =
                context -> {
                    context.inject(direction, buf("added"), false);
                    return Step.CONTINUE;
                };
        headers(false);
        data("one", false);
        shaper.onData = (data, end, context) -> Step.CONTINUE;
        shaper.context().streamWhilePaused(direction);
        trailers();
        assertThat(behind.log).containsExactly("headers", "one", "added", "trailers");
    }

    @ParameterizedTest
    @EnumSource
    void the_end_earlier(Direction direction) {
        start(direction);
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, data.retain(), true);
                    return Step.DONE;
                };
        headers(false);
        data("one", false);
        data("gone", false);
        trailers();
        assertThat(behind.log).containsExactly("headers", "one end");
    }

    @ParameterizedTest
    @EnumSource
    void the_end_later(Direction direction) {
        start(direction);
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, data.retain(), false);
                    return Step.DONE;
                };
        headers(false);
        data("one", true);
        assertThat(behind.log).containsExactly("headers", "one");
        shaper.context().inject(direction, buf("two"), true);
        assertThat(behind.log).containsExactly("headers", "one", "two end");
    }

    @ParameterizedTest
    @EnumSource
    void another_body_piece_by_piece(Direction direction) {
        start(direction);
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, buf(data.readableBytes() + ";"), end);
                    return Step.DONE;
                };
        headers(false);
        data("four", false);
        data("fiver", true);
        assertThat(behind.log).containsExactly("headers", "4;", "5; end");
    }

    @ParameterizedTest
    @EnumSource
    void another_body_as_a_whole_and_a_head_that_says_so(Direction direction) {
        start(direction);
        Headers head = new Headers();
        shaper.onHeaders = (headers, context) -> Step.BUFFER;
        shaper.onData =
                (data, end, context) -> {
                    head.set(HeaderName.CONTENT_LENGTH, 3);
                    context.inject(direction, buf("new"), end);
                    return Step.DONE;
                };
        headers(head);
        data("ol", false);
        data("d!", true);
        assertThat(shaper.log).containsExactly("headers", "old! end");
        assertThat(behind.log).containsExactly("headers 3", "new end");
    }

    @ParameterizedTest
    @EnumSource
    void another_body_as_a_whole_before_trailers(Direction direction) {
        start(direction);
        shaper.onHeaders = (headers, context) -> Step.BUFFER;
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, buf("new"), end);
                    return Step.DONE;
                };
        headers(false);
        data("old", false);
        trailers();
        assertThat(shaper.log).containsExactly("headers", "old", "trailers");
        assertThat(behind.log).containsExactly("headers", "new", "trailers");
    }

    @ParameterizedTest
    @EnumSource
    void a_whole_body_taken_over_for_later_lets_trailers_wait_behind_it(Direction direction) {
        start(direction);
        shaper.onHeaders = (headers, context) -> Step.BUFFER;
        shaper.onData = (data, end, context) -> Step.DONE;
        shaper.onTrailers = context -> Step.PAUSE;
        headers(false);
        data("old", false);
        trailers();
        assertThat(behind.log).isEmpty();
        shaper.context().inject(direction, buf("new"), false);
        shaper.context().resume(direction);
        assertThat(behind.log).containsExactly("headers", "new", "trailers");
    }

    @ParameterizedTest
    @EnumSource
    void a_body_added_to_what_the_filter_behind_gathers(Direction direction) {
        start(direction);
        behind.onHeaders = Step.BUFFER;
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, buf("<"), false);
                    context.inject(direction, data.retain(), false);
                    context.inject(direction, buf(">"), end);
                    return Step.DONE;
                };
        headers(false);
        data("ab", false);
        data("c", true);
        assertThat(behind.log).containsExactly("headers", "<ab><c> end");
    }

    @ParameterizedTest
    @EnumSource
    void more_than_the_limit_added_for_the_filter_behind(Direction direction) {
        start(direction);
        behind.onHeaders = Step.BUFFER;
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, buf("more than ten bytes"), false);
                    return Step.DONE;
                };
        headers(false);
        data("a", false);
        assertThat(stream.replies)
                .containsExactly(
                        direction == Direction.REQUEST
                                ? "413 " + LocalReply.REQUEST_TOO_LARGE
                                : "500 " + LocalReply.RESPONSE_TOO_LARGE);
    }

    @ParameterizedTest
    @EnumSource
    void nothing_may_follow_the_end(Direction direction) {
        start(direction);
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, data.retain(), true);
                    context.inject(direction, buf("late"), false);
                    return Step.DONE;
                };
        headers(false);
        data("one", false);
        assertThat(behind.log).containsExactly("headers", "one end");
        assertThat(stream.failures)
                .singleElement()
                .asString()
                .contains("the filter has ended this message already");
    }

    @ParameterizedTest
    @EnumSource
    void a_source_held_for_the_filter_goes_on_when_the_message_has_its_end(Direction direction) {
        start(direction);
        shaper.onHeaders = (headers, context) -> Step.PAUSE;
        headers(false);
        data("more than ten bytes", false);
        int held = direction == Direction.REQUEST ? 1 : 0;
        assertThat(stream.held).isEqualTo(held);
        shaper.context().inject(direction, buf("other"), true);
        assertThat(stream.held).isZero();
        assertThat(behind.log).containsExactly("headers", "other end");
    }

    @ParameterizedTest
    @EnumSource
    void a_source_held_for_the_filter_goes_on_when_the_stream_is_over(Direction direction) {
        start(direction);
        shaper.onHeaders = (headers, context) -> Step.PAUSE;
        headers(false);
        data("more than ten bytes", false);
        assertThat(stream.held).isEqualTo(direction == Direction.REQUEST ? 1 : 0);
        pipeline.end(StreamEnd.LOCAL_RESET);
        assertThat(stream.held).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_second_end_from_a_filter_before_is_not_shown_to_one_that_has_set_the_first(
            Direction direction) {
        start(direction);
        shaper.onData =
                (data, end, context) -> {
                    context.inject(direction, data.retain(), end);
                    return Step.DONE;
                };
        behind.onData =
                (data, end, context) -> {
                    context.inject(direction, data.retain(), true);
                    return Step.DONE;
                };
        headers(false);
        data("one", false);
        data("two", true);
        trailers();
        assertThat(shaper.log).containsExactly("headers", "one", "two end");
        assertThat(behind.log).containsExactly("headers", "one");
        assertThat(stream.failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void an_end_that_is_held_goes_behind_what_is_added(Direction direction) {
        start(direction);
        shaper.onData = (data, end, context) -> Step.PAUSE;
        headers(false);
        data("one", true);
        shaper.context().inject(direction, buf("two"), false);
        shaper.context().resume(direction);
        assertThat(behind.log).containsExactly("headers", "one", "two", " end");
    }

    @ParameterizedTest
    @EnumSource
    void the_end_of_a_head_that_is_held_goes_behind_a_body_that_is_added(Direction direction) {
        start(direction);
        shaper.onHeaders = (headers, context) -> Step.PAUSE;
        headers(true);
        shaper.context().inject(direction, buf("body"), false);
        shaper.context().resume(direction);
        assertThat(behind.log).containsExactly("headers", "body", " end");
    }

    @Test
    void a_reply_after_a_head_that_a_filter_has_begun_is_not_shown_as_a_second_one() {
        start(Direction.RESPONSE);
        stream.answering = pipeline;
        source().injectHeaders(Direction.RESPONSE, new Headers(), false);
        source().respond(LocalReply.of(500, "", "x"));
        assertThat(behind.log).containsExactly("headers");
    }

    @ParameterizedTest
    @EnumSource
    void the_end_of_a_head_that_is_replaced_goes_behind_a_body_that_is_added(Direction direction) {
        start(direction);
        shaper.onHeaders = (headers, context) -> Step.PAUSE;
        headers(true);
        shaper.context().injectHeaders(direction, new Headers(), false);
        shaper.context().inject(direction, buf("body"), false);
        shaper.context().resume(direction);
        assertThat(behind.log).containsExactly("headers", "body", " end");
    }

    // ---- what the cases say --------------------------------------------------------------------

    private void start(Direction direction) {
        boolean request = direction == Direction.REQUEST;
        shaper.direction = direction;
        behind.direction = direction;
        pipeline =
                new FilterPipeline(
                        stream,
                        request
                                ? new HttpFilter[] {shaper, behind}
                                : new HttpFilter[] {behind, shaper, source},
                        request ? new String[] {"a", "b"} : new String[] {"b", "a", "source"});
        if (!request) {
            pipeline.requestHeaders(new Headers(), true);
        }
    }

    private void headers(boolean end) {
        headers(new Headers(), end);
    }

    private void headers(Headers head) {
        headers(head, false);
    }

    private void headers(Headers head, boolean end) {
        if (shaper.direction == Direction.REQUEST) {
            pipeline.requestHeaders(head, end);
        } else {
            source().response().headers(head, end);
        }
    }

    private void data(String text, boolean end) {
        if (shaper.direction == Direction.REQUEST) {
            pipeline.requestData(buf(text), end);
        } else {
            source().response().data(buf(text), end);
        }
    }

    private void trailers() {
        if (shaper.direction == Direction.REQUEST) {
            pipeline.requestTrailers(new Headers());
        } else {
            source().response().trailers(new Headers());
        }
    }

    private FilterContext source() {
        return Objects.requireNonNull(source.context);
    }

    private ByteBuf buf(String text) {
        ByteBuf buffer = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        buffers.add(buffer);
        return buffer;
    }

    /** Answers what the case says. */
    private static final class Source implements HttpFilter {
        @Nullable FilterContext context;

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext c) {
            context = c;
            return Step.DONE;
        }
    }

    /** A filter that sees one direction only. */
    private abstract static class OneWay implements HttpFilter {
        final List<String> log = new ArrayList<>();
        Direction direction = Direction.REQUEST;

        abstract Step headers(Headers headers, FilterContext c);

        abstract Step data(ByteBuf data, boolean end, FilterContext c);

        abstract Step trailers(FilterContext c);

        private Step head(Headers headers, boolean end, FilterContext c) {
            String length = headers.get(HeaderName.CONTENT_LENGTH);
            log.add("headers" + (length == null ? "" : " " + length) + (end ? " end" : ""));
            return headers(headers, c);
        }

        private Step piece(ByteBuf data, boolean end, FilterContext c) {
            log.add(data.toString(StandardCharsets.ISO_8859_1) + (end ? " end" : ""));
            return data(data, end, c);
        }

        private Step last(FilterContext c) {
            log.add("trailers");
            return trailers(c);
        }

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext c) {
            return direction == Direction.REQUEST ? head(headers, end, c) : Step.CONTINUE;
        }

        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext c) {
            return piece(data, end, c);
        }

        @Override
        public Step onRequestTrailers(Headers trailers, FilterContext c) {
            return last(c);
        }

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext c) {
            return head(headers, end, c);
        }

        @Override
        public Step onResponseData(ByteBuf data, boolean end, FilterContext c) {
            return piece(data, end, c);
        }

        @Override
        public Step onResponseTrailers(Headers trailers, FilterContext c) {
            return last(c);
        }
    }

    private interface OnHeaders {
        Step see(Headers headers, FilterContext context);
    }

    private interface OnData {
        Step see(ByteBuf data, boolean end, FilterContext context);
    }

    private interface OnTrailers {
        Step see(FilterContext context);
    }

    private static final class Shaper extends OneWay {
        OnHeaders onHeaders = (headers, c) -> Step.CONTINUE;
        OnData onData = (data, end, c) -> Step.CONTINUE;
        OnTrailers onTrailers = c -> Step.CONTINUE;
        private @Nullable FilterContext context;

        FilterContext context() {
            return Objects.requireNonNull(context);
        }

        @Override
        Step headers(Headers headers, FilterContext c) {
            context = c;
            return onHeaders.see(headers, c);
        }

        @Override
        Step data(ByteBuf data, boolean end, FilterContext c) {
            return onData.see(data, end, c);
        }

        @Override
        Step trailers(FilterContext c) {
            return onTrailers.see(c);
        }
    }

    private static final class Witness extends OneWay {
        Step onHeaders = Step.CONTINUE;
        OnData onData = (data, end, c) -> Step.CONTINUE;

        @Override
        Step headers(Headers headers, FilterContext c) {
            return onHeaders;
        }

        @Override
        Step data(ByteBuf data, boolean end, FilterContext c) {
            return onData.see(data, end, c);
        }

        @Override
        Step trailers(FilterContext c) {
            return Step.CONTINUE;
        }
    }
}
