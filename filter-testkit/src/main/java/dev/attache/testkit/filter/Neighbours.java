package dev.attache.testkit.filter;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The filters that the harness puts around the one under test. */
final class Neighbours {

    private Neighbours() {}

    /** A filter that stands where it is put and makes a filter of each stream. */
    record Made(Supplier<? extends HttpFilter> filters) implements HttpFilterSpec {

        @Override
        public HttpFilterFactory open(HttpFilterScope scope) {
            return filters::get;
        }
    }

    /** The last of the chain, which takes the place of a router. */
    record Last(Supplier<? extends HttpFilter> filters) implements HttpFilterSpec {

        @Override
        public HttpFilterFactory open(HttpFilterScope scope) {
            return filters::get;
        }

        @Override
        public boolean terminal() {
            return true;
        }
    }

    static FilterEntry entry(String name, Supplier<? extends HttpFilter> filters) {
        return new FilterEntry(name, new Made(filters), false);
    }

    /** Stands in front: sees each stream first, and hears of its end as its neighbour does. */
    static final class First implements HttpFilter {
        final Consumer<StreamInfo> before;
        @Nullable StreamInfo info;
        int ends;

        /**
         * @param before is shown what is known of the stream before the filter under test sees it
         */
        First(Consumer<StreamInfo> before) {
            this.before = before;
        }

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            info = context.info();
            before.accept(context.info());
            return Step.CONTINUE;
        }

        @Override
        public void onStreamEnd(StreamEnd why, FilterContext context) {
            info = context.info();
            ends++;
        }
    }

    /** Stands behind: what it gets is what the filter under test lets go on. */
    static final class Upstream implements HttpFilter {
        final Received forwarded = new Received("forwarded request");
        final CountedValve response = new CountedValve("response");
        private @Nullable HttpSink sink;
        private @Nullable Valve request;
        private boolean answered;
        private boolean over;

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            forwarded.headers(headers, end);
            sink = context.response();
            request = context.valve(Direction.REQUEST);
            context.source(response);
            return Step.DONE;
        }

        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
            forwarded.data(data, end);
            return Step.DONE;
        }

        @Override
        public Step onRequestTrailers(Headers trailers, FilterContext context) {
            forwarded.trailers(trailers);
            return Step.DONE;
        }

        @Override
        public void onStreamEnd(StreamEnd why, FilterContext context) {
            over = true;
            forwarded.reset(ResetReason.REMOTE_RESET);
        }

        /** Whether it has a request that it may answer or give up. */
        boolean mayAnswer() {
            return sink != null && !over;
        }

        /** Whether it has begun to answer. */
        boolean answered() {
            return answered;
        }

        /** Where its answer goes. */
        HttpSink answer(String what) {
            HttpSink known = sink;
            if (known == null || over) {
                throw new AssertionError(
                        "the upstream cannot send "
                                + what
                                + (over
                                        ? ": the stream has ended"
                                        : ": no request has been forwarded to it"));
            }
            answered = true;
            return known;
        }

        /** Reads, or does not read, what the filters forward. */
        void readsSlowly(boolean slowly) {
            Valve source = request;
            if (source != null && slowly) {
                source.hold();
            } else if (source != null) {
                source.release();
            }
        }
    }
}
