package dev.attache.proxy.pipeline;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
            if (isOff(i, owner.override(names[i]))) {
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

    private boolean isOff(int index, @Nullable FilterOverride override) {
        if (override == null) {
            return disabled[index];
        }
        if (override.disabled() != null) {
            return override.disabled();
        }
        return override.config() == null && disabled[index];
    }

    /**
     * Says of each filter, in their order, whether a request would pass it and what it would do.
     *
     * @param stream what filters see of the request, by the filter's name
     */
    public void explain(ExplainedOwner stream, Explanation into) {
        into.empty("http_filters");
        for (int i = 0; i < factories.length; i++) {
            Explanation said = into.item("http_filters").say("name", names[i]);
            FilterOverride override = stream.override(names[i]);
            boolean off = isOff(i, override);
            said.say("enabled", !off).say("per_route", perRoute(i, override));
            if (stream.answered()) {
                said.say(ExplainedStream.WOULD, "not be reached");
            } else if (!off) {
                explain(factories[i], stream.seenBy(names[i]), said);
                if (ExplainedStream.RUNS.equals(said.text(ExplainedStream.WOULD))) {
                    into.item("not_run").say("filter", names[i]);
                }
            }
        }
    }

    /** A filter that cannot say it spoils neither the rest nor the stream that wants to know. */
    private static void explain(
            HttpFilterFactory factory, ExplainedStream stream, Explanation said) {
        try {
            factory.explain(stream, said);
        } catch (Throwable e) {
            Faults.contain(e);
            said.say("error", "the filter fails to say: " + e);
        }
    }

    private String perRoute(int index, @Nullable FilterOverride override) {
        if (override == null) {
            return disabled[index] ? "none; disabled in the chain" : "none";
        }
        if (override.disabled() != null) {
            return override.disabled() ? "disabled" : "enabled";
        }
        return override.config() == null ? "none" : "settings of the route";
    }

    /** The stream that {@link #explain} is asked about. */
    public interface ExplainedOwner {

        /** See {@link StreamOwner#override}. */
        @Nullable FilterOverride override(String filterName);

        /** Whether a filter has answered already. */
        boolean answered();

        /** What the filter of that name sees. */
        ExplainedStream seenBy(String filterName);
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
