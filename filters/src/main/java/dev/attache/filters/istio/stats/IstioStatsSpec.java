package dev.attache.filters.istio.stats;

import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The HTTP filter. Immutable. */
record IstioStatsSpec(IstioStatsSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        OpenMetrics metrics =
                new OpenMetrics(settings, scope.stats().store(), scope.worker().index());
        return new HttpFilterFactory() {
            @Override
            public HttpFilter newFilter() {
                return new IstioStatsFilter(metrics, scope.worker());
            }

            @Override
            public void close() {
                metrics.close();
            }
        };
    }
}
