package dev.attache.proxy.pipeline;

import dev.attache.proxy.discovered.DiscoveredSpec;
import dev.attache.proxy.discovered.OpenDiscovered;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A discovered filter of one chain on one worker: each stream passes what is known when it begins,
 * to its end. Loop-confined.
 */
final class DiscoveredHttpFilterFactory implements HttpFilterFactory {
    private static final int MISSING_STATUS = 500;

    private final OpenDiscovered<HttpFilterSpec, HttpFilterFactory> open;

    DiscoveredHttpFilterFactory(DiscoveredSpec<HttpFilterSpec> discovered, HttpFilterScope scope) {
        this.open =
                discovered.open(
                        new OpenDiscovered.Opening<>() {
                            @Override
                            public HttpFilterFactory open(HttpFilterSpec spec) {
                                return spec.open(scope);
                            }

                            @Override
                            public void close(HttpFilterFactory opened) {
                                opened.close();
                            }
                        });
    }

    @Override
    public HttpFilter newFilter() {
        OpenDiscovered.Opened<HttpFilterSpec, HttpFilterFactory> now = open.current();
        if (now == null) {
            return Missing.MISSING;
        }
        HttpFilter made = now.factory().newFilter();
        now.used();
        return new Counted(made, now);
    }

    /** That a stream is explained does not keep a version. */
    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        OpenDiscovered.Opened<HttpFilterSpec, HttpFilterFactory> now = open.current();
        if (now == null) {
            into.say(ExplainedStream.WOULD, "refuse: its configuration has not come");
            stream.answers(MISSING_STATUS, "");
        } else {
            now.factory().explain(stream, into);
        }
    }

    @Override
    public void close() {
        open.close();
    }

    /** Where there is no configuration, nobody can say what the filter would have done. */
    private enum Missing implements HttpFilter {
        MISSING;

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            context.info().flag(ResponseFlag.NFCF);
            return context.respond(LocalReply.of(MISSING_STATUS, "", ""));
        }
    }

    /** A filter of which is counted that its stream goes on. */
    private static final class Counted implements HttpFilter {
        private final HttpFilter filter;
        private OpenDiscovered.@Nullable Opened<HttpFilterSpec, HttpFilterFactory> opened;

        Counted(
                HttpFilter filter,
                OpenDiscovered.Opened<HttpFilterSpec, HttpFilterFactory> opened) {
            this.filter = filter;
            this.opened = opened;
        }

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            return filter.onRequestHeaders(headers, end, context);
        }

        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
            return filter.onRequestData(data, end, context);
        }

        @Override
        public Step onRequestTrailers(Headers trailers, FilterContext context) {
            return filter.onRequestTrailers(trailers, context);
        }

        @Override
        public void onResponseInformational(Headers headers, FilterContext context) {
            filter.onResponseInformational(headers, context);
        }

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
            return filter.onResponseHeaders(headers, end, context);
        }

        @Override
        public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
            return filter.onResponseData(data, end, context);
        }

        @Override
        public Step onResponseTrailers(Headers trailers, FilterContext context) {
            return filter.onResponseTrailers(trailers, context);
        }

        @Override
        public void onLocalReply(LocalReply reply, FilterContext context) {
            filter.onLocalReply(reply, context);
        }

        @Override
        public void onStreamEnd(StreamEnd why, FilterContext context) {
            try {
                filter.onStreamEnd(why, context);
            } finally {
                if (!filter.logs()) {
                    ended();
                }
            }
        }

        @Override
        public boolean logs() {
            return filter.logs();
        }

        @Override
        public void onLog(FormatContext entry) {
            try {
                filter.onLog(entry);
            } finally {
                ended();
            }
        }

        private void ended() {
            OpenDiscovered.Opened<HttpFilterSpec, HttpFilterFactory> counted = opened;
            opened = null;
            if (counted != null) {
                counted.ended();
            }
        }
    }
}
