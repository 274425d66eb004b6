package dev.attache.filters.rbac;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataMatch;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is asked of what filters, and the route, have said. */
sealed interface StateCheck extends Check {

    /**
     * {@code metadata}, {@code sourced_metadata} of filters.
     *
     * @param text the only text that it takes, or null
     */
    record OfFilters(MetadataMatch match, @Nullable String text) implements StateCheck {
        @Override
        public boolean holds(Facts facts) {
            return match.matches(facts.dynamicMetadata());
        }

        @Override
        public List<List<Anchor>> anchors() {
            return text == null || match.invert()
                    ? List.of()
                    : List.of(
                            List.of(
                                    new Anchor(
                                            new Dimension.MetadataText(
                                                    match.namespace(), match.path()),
                                            text)));
        }
    }

    /** {@code sourced_metadata} of the route; without one it never holds. */
    record OfRoute(MetadataMatch match) implements StateCheck {
        @Override
        public boolean holds(Facts facts) {
            Metadata metadata = facts.routeMetadata();
            return metadata != null && match.matches(metadata);
        }
    }

    /**
     * {@code filter_state}.
     *
     * @param text the only text that it takes, or null
     */
    record OfFilterState(String key, Predicate<FilterState.Value> test, @Nullable String text)
            implements StateCheck {
        @Override
        public boolean holds(Facts facts) {
            FilterState.Value value = facts.filterState().get(key);
            return value != null && test.test(value);
        }

        @Override
        public List<List<Anchor>> anchors() {
            return text == null
                    ? List.of()
                    : List.of(List.of(new Anchor(new Dimension.FilterStateText(key), text)));
        }
    }
}
