package dev.attache.filters.http.api_key_auth;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** The filter with its own settings; routes may bring others. Immutable. */
record ApiKeyAuthFilterSpec(ApiKeySettings settings) implements HttpFilterSpec {

    /** {@code http.<stat_prefix>.api_key_auth.*}, one worker's cells. */
    record Stats(Cell allowed, Cell unauthorized, Cell forbidden) {}

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Scope own = scope.stats().scope("api_key_auth.");
        int worker = scope.worker().index();
        Stats stats =
                new Stats(
                        own.counter("allowed").cell(worker),
                        own.counter("unauthorized").cell(worker),
                        own.counter("forbidden").cell(worker));
        return () -> new ApiKeyAuthFilter(settings, stats);
    }
}
