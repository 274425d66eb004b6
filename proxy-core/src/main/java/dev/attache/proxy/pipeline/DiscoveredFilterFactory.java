package dev.attache.proxy.pipeline;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.worker.Faults;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A discovered filter of one chain on one worker: opens each configuration when the first stream
 * comes after it, and closes it when its last stream has ended. Loop-confined.
 */
public final class DiscoveredFilterFactory implements HttpFilterFactory {
    private static final Logger LOG = LoggerFactory.getLogger("filter");
    private static final int MISSING_STATUS = 500;

    private final DiscoveredFilter filter;
    private final @Nullable HttpFilterSpec fallback;
    private final HttpFilterScope scope;
    private final Runnable closed;
    private @Nullable Opened opened;

    /** What could not be opened: it is not tried again. */
    private @Nullable HttpFilterSpec unusable;

    /**
     * @param fallback what streams pass while nothing has come; null: they are turned away
     * @param closed runs when the chain is gone
     */
    public DiscoveredFilterFactory(
            DiscoveredFilter filter,
            @Nullable HttpFilterSpec fallback,
            HttpFilterScope scope,
            Runnable closed) {
        this.filter = filter;
        this.fallback = fallback;
        this.scope = scope;
        this.closed = closed;
        HttpFilterSpec first = wanted();
        if (first != null) {
            this.opened = new Opened(first);
        }
    }

    private @Nullable HttpFilterSpec wanted() {
        HttpFilterSpec found = filter.current();
        return found == null ? fallback : found;
    }

    @Override
    public HttpFilter newFilter() {
        HttpFilterSpec spec = wanted();
        Opened now = opened;
        if (spec != (now == null ? null : now.spec) && (spec == null || spec != unusable)) {
            now = become(spec);
        }
        return now == null ? Missing.MISSING : now.newFilter();
    }

    /** Opens what is wanted now; where that fails, what served goes on serving. */
    private @Nullable Opened become(@Nullable HttpFilterSpec spec) {
        Opened next;
        try {
            next = spec == null ? null : new Opened(spec);
        } catch (Throwable e) {
            Faults.contain(e);
            LOG.error("filter '{}': a new configuration cannot be opened: {}", filter.name(), e, e);
            unusable = spec;
            return opened;
        }
        Opened last = opened;
        opened = next;
        if (last != null) {
            last.retire();
        }
        return next;
    }

    @Override
    public void close() {
        Opened last = opened;
        opened = null;
        if (last != null) {
            last.retire();
        }
        closed.run();
    }

    /** One configuration, open, and how many streams still pass it. */
    private final class Opened {
        private final HttpFilterSpec spec;
        private final HttpFilterFactory factory;
        private int streams;
        private boolean retired;

        Opened(HttpFilterSpec spec) {
            this.spec = spec;
            this.factory = spec.open(scope);
        }

        HttpFilter newFilter() {
            HttpFilter made = factory.newFilter();
            streams++;
            return new Counted(made, this);
        }

        /** No further stream comes. */
        void retire() {
            retired = true;
            closeUnused();
        }

        private void closeUnused() {
            if (retired && streams == 0) {
                factory.close();
            }
        }

        void ended() {
            streams--;
            closeUnused();
        }
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
        private @Nullable Opened opened;

        Counted(HttpFilter filter, Opened opened) {
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
                Opened counted = opened;
                opened = null;
                if (counted != null) {
                    counted.ended();
                }
            }
        }
    }
}
