package dev.attache.proxy.network.http;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.FilterPipeline;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamOwner;
import dev.attache.proxy.route.FilterOverride;
import java.util.Arrays;
import java.util.List;

/** A filter chain opened on one worker: makes the pipeline of each stream. Loop-confined. */
final class OpenedFilters {

    private final HttpFilterFactory[] factories;
    private final String[] names;
    private final boolean[] disabled;

    OpenedFilters(List<FilterEntry> entries, HttpFilterScope scope) {
        this.factories =
                entries.stream().map(e -> e.filter().open(scope)).toArray(HttpFilterFactory[]::new);
        this.names = entries.stream().map(FilterEntry::name).toArray(String[]::new);
        this.disabled = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            disabled[i] = entries.get(i).disabled();
        }
    }

    /**
     * Leaves out what is disabled in the chain, or for the route by {@code FilterConfig.disabled}.
     */
    FilterPipeline pipeline(StreamOwner owner) {
        HttpFilter[] filters = new HttpFilter[factories.length];
        String[] used = names;
        int count = 0;
        for (int i = 0; i < factories.length; i++) {
            if (isOff(i, owner)) {
                if (used == names) {
                    used = names.clone();
                }
                continue;
            }
            filters[count] = newFilter(factories[i]);
            used[count] = names[i];
            count++;
        }
        return new FilterPipeline(
                owner,
                count == filters.length ? filters : Arrays.copyOf(filters, count),
                count == filters.length ? names : Arrays.copyOf(used, count));
    }

    /** A filter that cannot be made fails its stream as one that throws does. */
    private static HttpFilter newFilter(HttpFilterFactory factory) {
        try {
            return factory.newFilter();
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            return new HttpFilter() {
                @Override
                public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
                    throw e;
                }
            };
        }
    }

    private boolean isOff(int index, StreamOwner owner) {
        FilterOverride override = owner.override(names[index]);
        if (override == null) {
            return disabled[index];
        }
        if (override.disabled() != null) {
            return override.disabled();
        }
        return override.config() == null && disabled[index];
    }

    void close() {
        for (HttpFilterFactory factory : factories) {
            factory.close();
        }
    }
}
