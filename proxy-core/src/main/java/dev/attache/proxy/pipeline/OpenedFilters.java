package dev.attache.proxy.pipeline;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A filter chain opened on one worker: makes the pipeline of each stream. Loop-confined. */
public final class OpenedFilters {

    private static final FaultLog FAULTS = new FaultLog("filter");

    private final HttpFilterFactory[] factories;
    private final String[] names;
    private final boolean[] disabled;

    /**
     * @throws FilterOpenException if one cannot be opened; the others are closed again
     */
    public OpenedFilters(List<FilterEntry> entries, HttpFilterScope scope) {
        this.factories = new HttpFilterFactory[entries.size()];
        this.names = entries.stream().map(FilterEntry::name).toArray(String[]::new);
        this.disabled = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            disabled[i] = entries.get(i).disabled();
            try {
                factories[i] = Objects.requireNonNull(entries.get(i).filter().open(scope));
            } catch (Throwable e) {
                closeFirst(i);
                throw FilterOpenException.of(names[i], e);
            }
        }
    }

    /**
     * Leaves out what is disabled in the chain, or for the route by {@code FilterConfig.disabled}.
     */
    public FilterPipeline pipeline(StreamOwner owner) {
        return pipeline(owner, new HttpFilter[factories.length], names);
    }

    /** The same with a filter behind all of them that belongs to the stream. */
    public FilterPipeline pipeline(StreamOwner owner, HttpFilter last, String lastName) {
        int length = factories.length;
        String[] all = Arrays.copyOf(names, length + 1);
        all[length] = lastName;
        HttpFilter[] filters = new HttpFilter[length + 1];
        filters[length] = last;
        return pipeline(owner, filters, all);
    }

    private FilterPipeline pipeline(StreamOwner owner, HttpFilter[] filters, String[] all) {
        String[] used = all;
        int count = 0;
        for (int i = 0; i < factories.length; i++) {
            if (isOff(i, owner)) {
                if (used == all) {
                    used = all.clone();
                }
                continue;
            }
            filters[count] = newFilter(factories[i]);
            used[count] = names[i];
            count++;
        }
        if (filters.length > factories.length) {
            filters[count] = filters[factories.length];
            used[count++] = all[factories.length];
        }
        return new FilterPipeline(
                owner,
                count == filters.length ? filters : Arrays.copyOf(filters, count),
                count == filters.length ? all : Arrays.copyOf(used, count));
    }

    /** The pipeline of a stream that no filter is to see. */
    public static FilterPipeline none(StreamOwner owner) {
        return new FilterPipeline(owner, new HttpFilter[0], new String[0]);
    }

    /** A filter that cannot be made fails its stream as one that throws does. */
    private static HttpFilter newFilter(HttpFilterFactory factory) {
        try {
            return factory.newFilter();
        } catch (Throwable e) {
            Faults.contain(e);
            return new HttpFilter() {
                @Override
                public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
                    throw new IllegalStateException("the filter could not be made", e);
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

    /** Called once, when no stream passes them any more. */
    public void close() {
        closeFirst(factories.length);
    }

    private void closeFirst(int count) {
        for (int i = 0; i < count; i++) {
            try {
                factories[i].close();
            } catch (Throwable e) {
                Faults.contain(e);
                FAULTS.error("filter '" + names[i] + "' threw when its chain closed", e);
            }
        }
    }
}
