package dev.attache.filters.http.fault;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter with its own settings; routes may bring others. */
record FaultFilterSpec(FaultSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        FaultStats stats = new FaultStats(scope.stats(), scope.worker().index());
        return () -> new FaultFilter(settings, stats, scope.worker());
    }
}
