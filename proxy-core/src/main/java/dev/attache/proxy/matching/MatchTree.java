package dev.attache.proxy.matching;

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

    MatchResult<A> match(D data);

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

        /** What {@code on_no_match} comes to, where there is one. */
        static <D, A> MatchResult<A> takeIfThere(@Nullable OnMatch<D, A> otherwise, D data) {
            return otherwise == null ? MatchResult.none() : otherwise.take(data);
        }
    }
}
