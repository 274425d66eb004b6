package dev.attache.filters.http.set_filter_state;

import dev.attache.filters.filter_state.StateEntry;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stream.format.FormatContext;

/** One stream: the filter's objects first, the most specific of its route last. Loop-confined. */
final class SetFilterStateFilter implements HttpFilter {
    private final SetFilterStateSettings ofFilter;

    SetFilterStateFilter(SetFilterStateSettings ofFilter) {
        this.ofFilter = ofFilter;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        FormatContext values = FormatContext.of(context.info(), headers);
        apply(ofFilter, values, context);
        for (SetFilterStateSettings level :
                context.overrides(SetFilterStateSettings.class).reversed()) {
            apply(level, values, context);
        }
        return Step.CONTINUE;
    }

    private static void apply(
            SetFilterStateSettings settings, FormatContext values, FilterContext context) {
        StateEntry.apply(settings.entries(), values, context.info().filterState());
        if (settings.clearRouteCache()) {
            context.clearRoute();
        }
    }
}
