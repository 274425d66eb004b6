package dev.attache.filters.http.bandwidth_limit;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;

/** The filter with its own settings; routes may bring others. Immutable. */
record BandwidthLimitSpec(BandwidthSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Map<BandwidthSettings, BandwidthStats> known = new WeakHashMap<>();
        Function<BandwidthSettings, BandwidthStats> stats =
                of ->
                        known.computeIfAbsent(
                                of,
                                key ->
                                        BandwidthStats.of(
                                                scope.stats().store(),
                                                key.statPrefix(),
                                                scope.worker().index()));
        BandwidthStats unused = stats.apply(settings); // there from the start
        return () -> new BandwidthLimitFilter(settings, stats, scope.worker());
    }
}
