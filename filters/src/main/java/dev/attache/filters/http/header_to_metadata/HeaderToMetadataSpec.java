package dev.attache.filters.http.header_to_metadata;

import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filter with its own settings; routes may bring others. */
record HeaderToMetadataSpec(HeaderToMetadataSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return new OnWorker(settings, scope);
    }

    /** The filter of one chain on one worker. Loop-confined. */
    static final class OnWorker implements HttpFilterFactory {
        private final HeaderToMetadataSettings settings;
        private final HttpFilterScope scope;
        private final StatsStore.Hold hold;

        /** By prefix: those of routes are made when they are first counted. */
        private final Map<String, HeaderToMetadataStats> stats = new HashMap<>();

        OnWorker(HeaderToMetadataSettings settings, HttpFilterScope scope) {
            this.settings = settings;
            this.scope = scope;
            this.hold =
                    settings.statPrefix().isEmpty()
                            ? () -> {}
                            : scope.stats()
                                    .store()
                                    .hold(HeaderToMetadataStats.prefix(settings.statPrefix()));
            stats(settings);
        }

        HeaderToMetadataSettings settings() {
            return settings;
        }

        /** Null where nothing is to be counted. */
        @Nullable HeaderToMetadataStats stats(HeaderToMetadataSettings of) {
            String prefix = of.statPrefix();
            if (prefix.isEmpty()) {
                return null;
            }
            HeaderToMetadataStats known = stats.get(prefix);
            if (known == null) {
                known =
                        new HeaderToMetadataStats(
                                scope.stats().store(), prefix, scope.worker().index());
                stats.put(prefix, known);
            }
            return known;
        }

        @Override
        public HttpFilter newFilter() {
            return new HeaderToMetadataFilter(this);
        }

        @Override
        public void close() {
            hold.close();
        }
    }
}
