package dev.attache.filters.http.local_ratelimit;

import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import java.util.HashMap;
import java.util.Map;

/** The filter with its own settings; routes may bring others. */
record LocalRateLimitFilterSpec(LocalRateLimitSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return new OnWorker(settings, scope);
    }

    /** The filter of one chain on one worker. Loop-confined. */
    static final class OnWorker implements HttpFilterFactory {
        final HttpFilterScope scope;
        private final LocalRateLimitSettings settings;
        private final StatsStore.Hold hold;

        /** By prefix: those of routes are made when they are first counted. */
        private final Map<String, LocalRateLimitStats> stats = new HashMap<>();

        OnWorker(LocalRateLimitSettings settings, HttpFilterScope scope) {
            this.settings = settings;
            this.scope = scope;
            this.hold =
                    scope.stats().store().hold(LocalRateLimitStats.prefix(settings.statPrefix()));
            stats(settings.statPrefix());
        }

        LocalRateLimitStats stats(String prefix) {
            LocalRateLimitStats known = stats.get(prefix);
            if (known == null) {
                known =
                        new LocalRateLimitStats(
                                scope.stats().store(), prefix, scope.worker().index());
                stats.put(prefix, known);
            }
            return known;
        }

        @Override
        public HttpFilter newFilter() {
            return new LocalRateLimitFilter(settings, this);
        }

        @Override
        public void close() {
            hold.close();
        }
    }
}
