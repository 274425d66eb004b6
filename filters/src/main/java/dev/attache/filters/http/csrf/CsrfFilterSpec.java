package dev.attache.filters.http.csrf;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** The filter with its own policy; routes may bring others. */
record CsrfFilterSpec(CsrfPolicySpec policy) implements HttpFilterSpec {

    /** {@code http.<stat_prefix>.csrf.*}, one worker's cells. */
    record Stats(Cell missing, Cell invalid, Cell valid) {}

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Scope own = scope.stats().scope("csrf.");
        int worker = scope.worker().index();
        Stats stats =
                new Stats(
                        own.counter("missing_source_origin").cell(worker),
                        own.counter("request_invalid").cell(worker),
                        own.counter("request_valid").cell(worker));
        return () -> new CsrfFilter(policy, stats, scope.worker());
    }
}
