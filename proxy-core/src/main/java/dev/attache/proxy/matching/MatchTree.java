package dev.attache.proxy.matching;

import dev.attache.proxy.explain.Explanation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code xds.type.matcher.v3.Matcher}: picks an action by what it is shown. Immutable, safe on any
 * thread.
 *
 * @param <D> what is looked at
 * @param <A> what is picked
 */
public sealed interface MatchTree<D, A>
        permits EntryList, ValueMap, PrefixMap, IpRangeMap, ServerNameMap {

    /**
     * One entry of a list.
     *
     * @param <D> what is looked at
     * @param <A> what is picked
     */
    record Entry<D, A>(MatchPredicate<D> predicate, OnMatch<D, A> onMatch) {}

    /**
     * One range of addresses.
     *
     * @param exclusive counts only where no longer range around the address stands before it
     * @param <D> what is looked at
     * @param <A> what is picked
     */
    record Range<D, A>(CidrRange range, boolean exclusive, OnMatch<D, A> onMatch) {}

    /**
     * {@code matcher_list}: the first entry that holds and picks something.
     *
     * @param otherwise {@code on_no_match}
     */
    static <D, A> MatchTree<D, A> ofEntries(
            List<Entry<D, A>> entries, @Nullable OnMatch<D, A> otherwise) {
        return new EntryList<>(entries, otherwise);
    }

    /**
     * {@code exact_match_map}: by the whole value of one input.
     *
     * @param values by octets
     * @param otherwise {@code on_no_match}
     */
    static <D, A> MatchTree<D, A> ofValues(
            MatchInput<D> input,
            Map<String, OnMatch<D, A>> values,
            @Nullable OnMatch<D, A> otherwise) {
        return new ValueMap<>(input, values, otherwise);
    }

    /**
     * {@code prefix_match_map}: by the longest prefix of one input's value that picks something.
     *
     * @param prefixes octets
     * @param otherwise {@code on_no_match}
     */
    static <D, A> MatchTree<D, A> ofPrefixes(
            MatchInput<D> input,
            Map<String, OnMatch<D, A>> prefixes,
            @Nullable OnMatch<D, A> otherwise) {
        return new PrefixMap<>(input, prefixes, otherwise);
    }

    /**
     * {@code xds.type.matcher.v3.IPMatcher}: by the longest range around an address that picks
     * something; of equal ranges the first.
     *
     * @param ranges in the order of the configuration
     * @param otherwise {@code on_no_match}
     */
    static <D, A> MatchTree<D, A> ofRanges(
            MatchInput<D> input, List<Range<D, A>> ranges, @Nullable OnMatch<D, A> otherwise) {
        return new IpRangeMap<>(input, ranges, otherwise);
    }

    /**
     * {@code xds.type.matcher.v3.ServerNameMatcher}: by a name, whole, then by the longest of its
     * domains that picks something, then by {@code *}.
     *
     * @param names whole names
     * @param domains what follows {@code *.}
     * @param anyName of {@code *}
     * @param otherwise {@code on_no_match}
     */
    static <D, A> MatchTree<D, A> ofServerNames(
            MatchInput<D> input,
            Map<String, OnMatch<D, A>> names,
            Map<String, OnMatch<D, A>> domains,
            @Nullable OnMatch<D, A> anyName,
            @Nullable OnMatch<D, A> otherwise) {
        return new ServerNameMap<>(input, names, domains, anyName, otherwise);
    }

    MatchResult<A> match(D data);

    /**
     * Says what {@link #match} comes to, and by which value: of what kind it is, what was looked
     * at, which entry held, and the same of a tree behind it.
     */
    default void explain(D data, Explanation into) {
        into.say("outcome", match(data).outcome());
    }

    /** The action of what is there; null where nothing matches, or is decided yet. */
    default @Nullable A pick(D data) {
        return match(data).action();
    }

    /**
     * What follows a match: an action, or a tree that looks further. Immutable.
     *
     * @param <D> what is looked at
     * @param <A> what is picked
     */
    final class OnMatch<D, A> {
        private final @Nullable MatchTree<D, A> tree;
        private final MatchResult<A> action;
        private final boolean keepsMatching;

        private OnMatch(
                @Nullable MatchTree<D, A> tree, MatchResult<A> action, boolean keepsMatching) {
            this.tree = tree;
            this.action = action;
            this.keepsMatching = keepsMatching;
        }

        public static <D, A> OnMatch<D, A> action(A action) {
            return new OnMatch<>(null, MatchResult.of(action), false);
        }

        public static <D, A> OnMatch<D, A> tree(MatchTree<D, A> tree) {
            return new OnMatch<>(tree, MatchResult.none(), false);
        }

        /** {@code keep_matching}: what is picked here is passed over. */
        public OnMatch<D, A> keepingMatching() {
            return new OnMatch<>(tree, action, true);
        }

        MatchResult<A> take(D data) {
            MatchResult<A> found = tree == null ? action : tree.match(data);
            return keepsMatching && found.isMatch() ? MatchResult.none() : found;
        }

        /** Says the same as {@link MatchTree#explain} of a tree that looks further. */
        void explain(D data, Explanation into) {
            if (tree != null) {
                tree.explain(data, into.part("then"));
            }
            if (keepsMatching) {
                into.say("keep_matching", true);
            }
        }

        /** What {@code on_no_match} comes to, where there is one. */
        static <D, A> MatchResult<A> takeIfThere(@Nullable OnMatch<D, A> otherwise, D data) {
            return otherwise == null ? MatchResult.none() : otherwise.take(data);
        }
    }
}
