package dev.attache.filters.http.cors;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter itself has no settings: policies stand on routes and virtual hosts. */
record CorsFilterSpec() implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        CorsStats stats = CorsStats.of(scope.stats(), scope.worker().index());
        return () -> new CorsFilter(stats, scope.worker());
    }
}
