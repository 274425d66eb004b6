package dev.attache.filters.delegation;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.List;

/** What a matcher tree says of a filter. Immutable. */
public sealed interface FilterAction {

    /** {@code SkipFilter}: the stream passes the filter by. */
    enum Skip implements FilterAction {
        SKIP
    }

    /** {@code ExecuteFilterAction}: how often, and which filters. */
    sealed interface Delegation extends FilterAction {
        /** Of the streams for which it is picked. */
        Fraction share();
    }

    /** Filters of its own, in the order of requests. One object is one action. */
    final class Execute implements Delegation {
        private final String name;
        private final List<HttpFilterSpec> filters;
        private final Fraction share;

        public Execute(String name, List<HttpFilterSpec> filters, Fraction share) {
            this.name = name;
            this.filters = List.copyOf(filters);
            this.share = share;
        }

        /** What the filter state says has been executed. */
        public String name() {
            return name;
        }

        @Override
        public Fraction share() {
            return share;
        }

        List<HttpFilterSpec> filters() {
            return filters;
        }
    }

    /** Filters that the composite filter has under a name; nothing where it has none. */
    record ExecuteNamed(String chain, Fraction share) implements Delegation {}
}
