package dev.attache.proxy.matching;

import dev.attache.proxy.explain.Explanation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code xds.type.matcher.v3.ServerNameMatcher}: by a name, whole, then by the longest of its
 * domains that picks something, then by {@code *}.
 *
 * @param <D> what is looked at
 * @param <A> what is picked
 */
final class ServerNameMap<D, A> implements MatchTree<D, A> {
    private final MatchInput<D> input;
    private final Map<String, OnMatch<D, A>> names;
    private final Map<String, OnMatch<D, A>> domains;
    private final @Nullable OnMatch<D, A> anyName;
    private final @Nullable OnMatch<D, A> otherwise;

    /**
     * @param names whole names
     * @param domains what follows {@code *.}
     * @param anyName of {@code *}
     * @param otherwise {@code on_no_match}
     */
    ServerNameMap(
            MatchInput<D> input,
            Map<String, OnMatch<D, A>> names,
            Map<String, OnMatch<D, A>> domains,
            @Nullable OnMatch<D, A> anyName,
            @Nullable OnMatch<D, A> otherwise) {
        this.input = input;
        this.names = Map.copyOf(names);
        this.domains = Map.copyOf(domains);
        this.anyName = anyName;
        this.otherwise = otherwise;
    }

    @Override
    public MatchResult<A> match(D data) {
        Object value = input.get(data);
        if (value == MatchInput.NOT_YET) {
            return MatchResult.undecided();
        }
        MatchResult<A> found =
                value instanceof String name && !name.isEmpty()
                        ? named(name, data)
                        : MatchResult.none();
        return found.ends() ? found : OnMatch.takeIfThere(otherwise, data);
    }

    private MatchResult<A> named(String name, D data) {
        MatchResult<A> found = OnMatch.takeIfThere(names.get(name), data);
        if (found.ends()) {
            return found;
        }
        int dot = domains.isEmpty() ? -1 : name.indexOf('.');
        while (dot >= 0) {
            found = OnMatch.takeIfThere(domains.get(name.substring(dot + 1)), data);
            if (found.ends()) {
                return found;
            }
            dot = name.indexOf('.', dot + 1);
        }
        return OnMatch.takeIfThere(anyName, data);
    }

    @Override
    public void explain(D data, Explanation into) {
        into.say("kind", "server_name_matcher")
                .say("value", String.valueOf(input.get(data)))
                .say("outcome", match(data).outcome());
    }
}
