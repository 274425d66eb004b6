package dev.attache.proxy.matching;

import dev.attache.proxy.explain.Explanation;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code prefix_match_map}: by the longest prefix of one input's value that picks something. A
 * value costs as many steps as it shares with the longest prefix, however many there are.
 *
 * @param <D> what is looked at
 * @param <A> what is picked
 */
final class PrefixMap<D, A> implements MatchTree<D, A> {

    /** What begins with the characters that lead here. */
    private static final class Node<D, A> {
        private char[] keys = new char[0];
        private Object[] children = new Object[0];
        private @Nullable OnMatch<D, A> onMatch;

        /** The next shorter prefix of the map, once all is there. */
        private @Nullable Node<D, A> shorter;

        @SuppressWarnings("unchecked") // holds nodes alone
        @Nullable Node<D, A> child(char key) {
            int at = Arrays.binarySearch(keys, key);
            return at < 0 ? null : (Node<D, A>) children[at];
        }

        Node<D, A> childOrNew(char key) {
            Node<D, A> known = child(key);
            if (known != null) {
                return known;
            }
            int at = -Arrays.binarySearch(keys, key) - 1;
            Node<D, A> added = new Node<>();
            char[] moreKeys = Arrays.copyOf(keys, keys.length + 1);
            Object[] more = Arrays.copyOf(children, children.length + 1);
            System.arraycopy(keys, at, moreKeys, at + 1, keys.length - at);
            System.arraycopy(children, at, more, at + 1, children.length - at);
            moreKeys[at] = key;
            more[at] = added;
            keys = moreKeys;
            children = more;
            return added;
        }

        /** The longest prefix of the map that ends here or before. */
        @Nullable Node<D, A> nearest() {
            return onMatch == null ? shorter : this;
        }
    }

    private final MatchInput<D> input;
    private final Node<D, A> root = new Node<>();
    private final @Nullable OnMatch<D, A> otherwise;

    /**
     * @param prefixes octets
     * @param otherwise {@code on_no_match}
     */
    PrefixMap(
            MatchInput<D> input,
            Map<String, OnMatch<D, A>> prefixes,
            @Nullable OnMatch<D, A> otherwise) {
        this.input = input;
        this.otherwise = otherwise;
        prefixes.forEach(this::add);
        prefixes.keySet().forEach(this::link);
    }

    private void add(String prefix, OnMatch<D, A> onMatch) {
        Node<D, A> node = root;
        for (int i = 0; i < prefix.length(); i++) {
            node = node.childOrNew(prefix.charAt(i));
        }
        node.onMatch = onMatch;
    }

    private void link(String prefix) {
        Node<D, A> node = root;
        for (int i = 0; i < prefix.length(); i++) {
            Node<D, A> child = node.childOrNew(prefix.charAt(i));
            child.shorter = node.nearest();
            node = child;
        }
    }

    @Override
    public MatchResult<A> match(D data) {
        Object value = input.get(data);
        if (value == MatchInput.NOT_YET) {
            return MatchResult.undecided();
        }
        Node<D, A> candidate = value instanceof String text ? longest(text) : null;
        while (candidate != null && candidate.onMatch != null) {
            MatchResult<A> found = candidate.onMatch.take(data);
            if (found.ends()) {
                return found;
            }
            candidate = candidate.shorter;
        }
        return OnMatch.takeIfThere(otherwise, data);
    }

    private @Nullable Node<D, A> longest(String text) {
        Node<D, A> node = root;
        for (int i = 0; i < text.length(); i++) {
            Node<D, A> child = node.child(text.charAt(i));
            if (child == null) {
                break;
            }
            node = child;
        }
        return node.nearest();
    }

    @Override
    public void explain(D data, Explanation into) {
        into.say("kind", "prefix_match_map")
                .say("value", String.valueOf(input.get(data)))
                .say("outcome", match(data).outcome());
        Node<D, A> longest = input.get(data) instanceof String text ? longest(text) : null;
        OnMatch<D, A> next = longest == null ? null : longest.onMatch;
        if (next != null) {
            next.explain(data, into);
        }
    }
}
