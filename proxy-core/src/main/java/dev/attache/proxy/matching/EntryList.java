package dev.attache.proxy.matching;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.matching.MatchTree.OnMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code matcher_list}: the first entry that holds and picks something. A run of entries that ask
 * the same input for one value each is looked up at once, so that a thousand cost what one costs.
 *
 * @param <D> what is looked at
 * @param <A> what is picked
 */
final class EntryList<D, A> implements MatchTree<D, A> {

    /** Fewer are looked through. */
    private static final int WORTH_AN_INDEX = 4;

    /** What stands in the list's order: an entry, or a run of entries. */
    private sealed interface Step<D, A> {
        MatchResult<A> match(D data);

        void explain(D data, Explanation into);
    }

    private record One<D, A>(Entry<D, A> entry) implements Step<D, A> {
        @Override
        public MatchResult<A> match(D data) {
            return switch (entry.predicate().test(data)) {
                case YES -> entry.onMatch().take(data);
                case NO -> MatchResult.none();
                case UNDECIDED -> MatchResult.undecided();
            };
        }

        @Override
        public void explain(D data, Explanation into) {
            Decision held = entry.predicate().test(data);
            into.say("predicate", entry.predicate().wanted(data)).say("held", held.name());
            if (held == Decision.YES) {
                entry.onMatch().explain(data, into);
            }
        }
    }

    private record Run<D, A>(MatchInput<D> input, Map<String, List<OnMatch<D, A>>> values)
            implements Step<D, A> {
        @Override
        public MatchResult<A> match(D data) {
            Object value = input.get(data);
            if (value == MatchInput.NOT_YET) {
                return MatchResult.undecided();
            }
            List<OnMatch<D, A>> found = value == null ? null : values.get(value);
            if (found == null) {
                return MatchResult.none();
            }
            for (int i = 0; i < found.size(); i++) {
                MatchResult<A> result = found.get(i).take(data);
                if (result.ends()) {
                    return result;
                }
            }
            return MatchResult.none();
        }

        @Override
        public void explain(D data, Explanation into) {
            Object value = input.get(data);
            List<OnMatch<D, A>> found = value == null ? null : values.get(value);
            into.say("predicate", "one of " + values.size() + " values, by an index")
                    .say("found", String.valueOf(value))
                    .say("held", Decision.of(found != null).name());
            if (found != null) {
                found.getFirst().explain(data, into);
            }
        }
    }

    private final List<Step<D, A>> steps;
    private final @Nullable OnMatch<D, A> otherwise;

    /**
     * @param otherwise {@code on_no_match}
     */
    EntryList(List<Entry<D, A>> entries, @Nullable OnMatch<D, A> otherwise) {
        this.steps = steps(entries);
        this.otherwise = otherwise;
    }

    private static <D, A> List<Step<D, A>> steps(List<Entry<D, A>> entries) {
        List<Step<D, A>> steps = new ArrayList<>();
        for (int i = 0; i < entries.size(); ) {
            int end = endOfRun(entries, i);
            if (end - i < WORTH_AN_INDEX) {
                steps.add(new One<>(entries.get(i++)));
            } else {
                steps.add(run(entries.subList(i, end)));
                i = end;
            }
        }
        return List.copyOf(steps);
    }

    private static <D, A> int endOfRun(List<Entry<D, A>> entries, int start) {
        MatchInput<D> input = exactInput(entries.get(start));
        int end = start;
        while (input != null && end < entries.size() && exactInput(entries.get(end)) == input) {
            end++;
        }
        return end;
    }

    /** The input that is asked for one value; null where the entry is no such. */
    private static <D, A> @Nullable MatchInput<D> exactInput(Entry<D, A> entry) {
        return entry.predicate() instanceof MatchPredicate.Single<D> single
                        && single.exactly() != null
                ? single.input()
                : null;
    }

    private static <D, A> Step<D, A> run(List<Entry<D, A>> entries) {
        Map<String, List<OnMatch<D, A>>> values = new HashMap<>();
        MatchInput<D> input = null;
        for (Entry<D, A> entry : entries) {
            if (entry.predicate() instanceof MatchPredicate.Single<D> single) {
                input = single.input();
                String value = String.valueOf(single.exactly());
                values.computeIfAbsent(value, key -> new ArrayList<>(1)).add(entry.onMatch());
            }
        }
        if (input == null) {
            throw new IllegalArgumentException("a run without an entry");
        }
        return new Run<>(input, values);
    }

    @Override
    public MatchResult<A> match(D data) {
        for (int i = 0; i < steps.size(); i++) {
            MatchResult<A> found = steps.get(i).match(data);
            if (found.ends()) {
                return found;
            }
        }
        return OnMatch.takeIfThere(otherwise, data);
    }

    @Override
    public void explain(D data, Explanation into) {
        into.say("kind", "matcher_list").empty("entries");
        boolean ended = false;
        for (int i = 0; i < steps.size() && !ended; i++) {
            steps.get(i).explain(data, into.item("entries"));
            ended = steps.get(i).match(data).ends();
        }
        into.say("outcome", match(data).outcome());
        if (!ended && otherwise != null) {
            into.say("on_no_match", true);
            otherwise.explain(data, into);
        }
    }
}
