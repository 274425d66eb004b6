package dev.attache.filters.http.composite;

import dev.attache.filters.delegation.ActionTaker;
import dev.attache.filters.delegation.FilterAction;
import dev.attache.filters.delegation.FilterAction.Delegation;
import dev.attache.filters.delegation.FilterAction.Execute;
import dev.attache.filters.delegation.FilterAction.ExecuteNamed;
import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.MatchProgress;
import dev.attache.filters.delegation.OpenedActions;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One stream: passes it to the filters that a matcher picks, as soon as it has picked some. A
 * request that does not come here decides nothing, whatever its response says.
 */
final class CompositeFilter implements HttpFilter, ActionTaker {
    private static final HttpFilter NOTHING = new HttpFilter() {};

    private final CompositeSpec.Opened filter;
    private HttpFilter executed = NOTHING;
    private @Nullable MatchProgress progress;

    /** Held as long as the stream: what a route brings is closed when nobody holds it. */
    @SuppressWarnings("UnusedVariable") // holding it is its use
    private @Nullable Execute action;

    CompositeFilter(CompositeSpec.Opened filter) {
        this.filter = filter;
    }

    @Override
    public void take(Delegation picked, OpenedActions opened, FilterContext context) {
        if (!picked.share().includes(filter.worker().random())) {
            return;
        }
        if (picked instanceof Execute own) {
            execute(own, opened, context);
        } else if (picked instanceof ExecuteNamed named) {
            Execute known = filter.spec().named().get(named.chain());
            if (known != null) {
                execute(known, filter.actions(), context);
            }
        }
    }

    private void execute(Execute picked, OpenedActions opened, FilterContext context) {
        executed = opened.newFilter(picked);
        action = picked;
        filter.executed().inc();
        if (filter.spec().tells()) {
            FilterState state = context.info().filterState();
            MatchedActions told =
                    state.get(MatchedActions.KEY) instanceof MatchedActions known
                            ? known
                            : new MatchedActions();
            told.add(context.filterName(), picked.name());
            state.set(MatchedActions.KEY, told);
        }
    }

    private void take(@Nullable FilterAction picked, FilterContext context) {
        if (picked instanceof Delegation delegation) {
            take(delegation, filter.actions(), context);
        }
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        RouteMatcher ofRoute = context.override(RouteMatcher.class);
        FilterMatcher matcher = ofRoute != null ? ofRoute.matcher() : filter.spec().matcher();
        if (matcher != null) {
            progress = new MatchProgress(matcher, context.info());
            take(progress.requestHeaders(headers), context);
        }
        return executed.onRequestHeaders(headers, end, context);
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return executed.onRequestData(data, end, context);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        if (progress != null) {
            take(progress.requestTrailers(trailers), context);
        }
        return executed.onRequestTrailers(trailers, context);
    }

    @Override
    public void onResponseInformational(Headers headers, FilterContext context) {
        executed.onResponseInformational(headers, context);
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (progress != null) {
            take(progress.responseHeaders(headers), context);
        }
        return executed.onResponseHeaders(headers, end, context);
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return executed.onResponseData(data, end, context);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        if (progress != null) {
            take(progress.responseTrailers(trailers), context);
        }
        return executed.onResponseTrailers(trailers, context);
    }

    @Override
    public void onLocalReply(LocalReply reply, FilterContext context) {
        executed.onLocalReply(reply, context);
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        executed.onStreamEnd(why, context);
    }

    @Override
    public boolean logs() {
        return executed.logs();
    }

    @Override
    public void onLog(FormatContext entry) {
        executed.onLog(entry);
    }
}
