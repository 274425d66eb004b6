package dev.attache.proxy.matching;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code xds.type.matcher.v3.Matcher}: picks an action by what it is shown. Immutable, safe on any
 * thread.
 *
 * @param <D> what is looked at
 * @param <A> what is picked
 */
public sealed interface MatchTree<D, A> {

    /** The action, or null where nothing matches. */
    @Nullable A match(D data);

    /**
     * What follows a match: an action, or a tree that looks further.
     *
     * @param action null where there is {@code tree}
     */
    record OnMatch<D, A>(@Nullable A action, @Nullable MatchTree<D, A> tree) {
        @Nullable A take(D data) {
            return tree == null ? action : tree.match(data);
        }
    }

    /** One entry of a list. */
    record Entry<D, A>(Predicate<D> predicate, OnMatch<D, A> onMatch) {}

    /**
     * {@code matcher_list}: the first entry that holds and picks something.
     *
     * @param otherwise {@code on_no_match}
     */
    record Entries<D, A>(List<Entry<D, A>> entries, @Nullable OnMatch<D, A> otherwise)
            implements MatchTree<D, A> {
        public Entries {
            entries = List.copyOf(entries);
        }

        @Override
        public @Nullable A match(D data) {
            for (Entry<D, A> entry : entries) {
                A found = entry.predicate.test(data) ? entry.onMatch.take(data) : null;
                if (found != null) {
                    return found;
                }
            }
            return otherwise == null ? null : otherwise.take(data);
        }
    }

    /**
     * {@code matcher_tree}: by the value of one input, whole ({@code exact_match_map}) or by the
     * longest of its prefixes that picks something ({@code prefix_match_map}).
     */
    final class ByValue<D, A> implements MatchTree<D, A> {
        private final Function<D, @Nullable String> input;
        private final Map<String, OnMatch<D, A>> values;
        private final boolean byPrefix;
        private final int longest;
        private final @Nullable OnMatch<D, A> otherwise;

        /**
         * @param input null = there is no value
         */
        public ByValue(
                Function<D, @Nullable String> input,
                Map<String, OnMatch<D, A>> values,
                boolean byPrefix,
                @Nullable OnMatch<D, A> otherwise) {
            this.input = input;
            this.values = Map.copyOf(values);
            this.byPrefix = byPrefix;
            this.longest = values.keySet().stream().mapToInt(String::length).max().orElse(0);
            this.otherwise = otherwise;
        }

        @Override
        public @Nullable A match(D data) {
            String value = input.apply(data);
            A found = value == null ? null : byPrefix ? prefix(value, data) : whole(value, data);
            return found != null || otherwise == null ? found : otherwise.take(data);
        }

        private @Nullable A whole(String value, D data) {
            OnMatch<D, A> next = values.get(value);
            return next == null ? null : next.take(data);
        }

        /** What is longer than all of the map costs no more than the longest of it. */
        private @Nullable A prefix(String value, D data) {
            for (int length = Math.min(value.length(), longest); length >= 0; length--) {
                A found = whole(value.substring(0, length), data);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
    }
}
