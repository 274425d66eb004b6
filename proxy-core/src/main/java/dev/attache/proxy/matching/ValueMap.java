package dev.attache.proxy.matching;

import dev.attache.proxy.explain.Explanation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code exact_match_map}: by the whole value of one input.
 *
 * @param <D> what is looked at
 * @param <A> what is picked
 */
final class ValueMap<D, A> implements MatchTree<D, A> {
    private final MatchInput<D> input;
    private final Map<String, OnMatch<D, A>> values;
    private final @Nullable OnMatch<D, A> otherwise;

    /**
     * @param values by octets
     * @param otherwise {@code on_no_match}
     */
    ValueMap(
            MatchInput<D> input,
            Map<String, OnMatch<D, A>> values,
            @Nullable OnMatch<D, A> otherwise) {
        this.input = input;
        this.values = Map.copyOf(values);
        this.otherwise = otherwise;
    }

    @Override
    public MatchResult<A> match(D data) {
        Object value = input.get(data);
        if (value == MatchInput.NOT_YET) {
            return MatchResult.undecided();
        }
        OnMatch<D, A> next = value instanceof String text ? values.get(text) : null;
        MatchResult<A> found = next == null ? MatchResult.none() : next.take(data);
        return found.ends() ? found : OnMatch.takeIfThere(otherwise, data);
    }

    @Override
    public void explain(D data, Explanation into) {
        Object value = input.get(data);
        OnMatch<D, A> next = value instanceof String text ? values.get(text) : null;
        into.say("kind", "exact_match_map")
                .say("value", String.valueOf(value))
                .say("entry", next == null ? "none" : String.valueOf(value))
                .say("outcome", match(data).outcome());
        if (next != null) {
            next.explain(data, into);
        }
    }
}
