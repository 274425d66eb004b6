package dev.attache.filters.http.match_delegate;

import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.OpenedActions;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A filter and what decides about it.
 *
 * @param matcher null = the filter is passed by, unless a route has a matcher
 */
record MatchDelegateSpec(HttpFilterSpec filter, @Nullable FilterMatcher matcher)
        implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        OpenedActions actions = new OpenedActions(scope);
        if (matcher != null) {
            actions.open(matcher.actions());
        }
        try {
            return new Opened(filter.open(scope), matcher, actions);
        } catch (Throwable e) {
            actions.close();
            throw e;
        }
    }

    private record Opened(
            HttpFilterFactory filter, @Nullable FilterMatcher matcher, OpenedActions actions)
            implements HttpFilterFactory {
        @Override
        public HttpFilter newFilter() {
            return new MatchDelegateFilter(filter.newFilter(), matcher, actions);
        }

        /** Whether the filter within would run is known only when the stream is there. */
        @Override
        public void explain(ExplainedStream stream, Explanation into) {
            into.say(ExplainedStream.WOULD, ExplainedStream.RUNS);
        }

        @Override
        public void close() {
            actions.close();
            filter.close();
        }
    }
}
