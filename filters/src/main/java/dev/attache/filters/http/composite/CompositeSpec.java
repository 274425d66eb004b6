package dev.attache.filters.http.composite;

import dev.attache.filters.delegation.FilterAction.Execute;
import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.OpenedActions;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.worker.WorkerContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the filter may execute.
 *
 * @param matcher its own; null = none
 * @param named {@code named_filter_chains}
 * @param tells whether the filter state says what was executed
 */
record CompositeSpec(@Nullable FilterMatcher matcher, Map<String, Execute> named, boolean tells)
        implements HttpFilterSpec {
    CompositeSpec {
        named = Map.copyOf(named);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        OpenedActions actions = new OpenedActions(scope);
        actions.open(named.values());
        if (matcher != null) {
            actions.open(matcher.actions());
        }
        var stats = scope.stats().scope("composite.");
        stats.counter("filter_delegation_error");
        return new Opened(
                this,
                actions,
                scope.worker(),
                stats.counter("filter_delegation_success").cell(scope.worker().index()));
    }

    /**
     * The filter on one worker.
     *
     * @param executed how often filters were executed
     */
    record Opened(CompositeSpec spec, OpenedActions actions, WorkerContext worker, Cell executed)
            implements HttpFilterFactory {
        @Override
        public HttpFilter newFilter() {
            return new CompositeFilter(this);
        }

        @Override
        public void close() {
            actions.close();
        }
    }
}
