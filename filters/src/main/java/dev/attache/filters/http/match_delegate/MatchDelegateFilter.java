package dev.attache.filters.http.match_delegate;

import dev.attache.filters.delegation.ActionTaker;
import dev.attache.filters.delegation.FilterAction;
import dev.attache.filters.delegation.FilterAction.Delegation;
import dev.attache.filters.delegation.FilterAction.Skip;
import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.MatchProgress;
import dev.attache.filters.delegation.OpenedActions;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a filter with a matcher: until the tree is decided the filter sees what comes;
 * where it says so, it is passed by from then on.
 */
final class MatchDelegateFilter implements HttpFilter {
    private final HttpFilter filter;
    private final OpenedActions actions;
    private @Nullable FilterMatcher matcher;
    private @Nullable MatchProgress progress;
    private boolean skipped;

    MatchDelegateFilter(HttpFilter filter, @Nullable FilterMatcher matcher, OpenedActions actions) {
        this.filter = filter;
        this.matcher = matcher;
        this.actions = actions;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        RouteMatcher ofRoute = context.override(RouteMatcher.class);
        if (ofRoute != null) {
            matcher = ofRoute.matcher();
        }
        MatchProgress matching = progress(context);
        if (matching != null) {
            take(matching.requestHeaders(headers), context);
        }
        return skipped ? Step.CONTINUE : filter.onRequestHeaders(headers, end, context);
    }

    /** Null where there is nothing to match: the filter is passed by. */
    private @Nullable MatchProgress progress(FilterContext context) {
        if (progress == null) {
            if (matcher == null) {
                skipped = true;
            } else {
                progress = new MatchProgress(matcher, context.info());
            }
        }
        return progress;
    }

    private void take(@Nullable FilterAction action, FilterContext context) {
        if (action == Skip.SKIP) {
            skipped = true;
        } else if (action instanceof Delegation delegation && filter instanceof ActionTaker taker) {
            taker.take(delegation, actions, context);
        }
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return skipped ? Step.CONTINUE : filter.onRequestData(data, end, context);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        MatchProgress matching = progress(context);
        if (matching != null) {
            take(matching.requestTrailers(trailers), context);
        }
        return skipped ? Step.CONTINUE : filter.onRequestTrailers(trailers, context);
    }

    @Override
    public void onResponseInformational(Headers headers, FilterContext context) {
        if (!skipped) {
            filter.onResponseInformational(headers, context);
        }
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        MatchProgress matching = progress(context);
        if (matching != null) {
            take(matching.responseHeaders(headers), context);
        }
        return skipped ? Step.CONTINUE : filter.onResponseHeaders(headers, end, context);
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return skipped ? Step.CONTINUE : filter.onResponseData(data, end, context);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        MatchProgress matching = progress(context);
        if (matching != null) {
            take(matching.responseTrailers(trailers), context);
        }
        return skipped ? Step.CONTINUE : filter.onResponseTrailers(trailers, context);
    }

    @Override
    public void onLocalReply(LocalReply reply, FilterContext context) {
        if (!skipped) {
            filter.onLocalReply(reply, context);
        }
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        filter.onStreamEnd(why, context);
    }

    @Override
    public boolean logs() {
        return filter.logs();
    }

    @Override
    public void onLog(FormatContext entry) {
        filter.onLog(entry);
    }
}
