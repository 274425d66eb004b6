package dev.attache.proxy.matching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code Matcher.MatcherList.Predicate}: a condition of a list's entry. Immutable, any thread.
 *
 * @param <D> what is looked at
 */
public sealed interface MatchPredicate<D> {

    Decision test(D data);

    /** What it asks, with the values that are there, in words. */
    String wanted(D data);

    /** {@code single_predicate}. Inputs of one meaning are best one object: see {@link #any}. */
    record Single<D>(MatchInput<D> input, InputMatcher matcher) implements MatchPredicate<D> {
        @Override
        public Decision test(D data) {
            Object value = input.get(data);
            return value == MatchInput.NOT_YET ? Decision.UNDECIDED : matcher.test(value);
        }

        @Override
        public String wanted(D data) {
            return "'" + input.get(data) + "' is " + matcher;
        }

        /** The one value that it asks for, or null where more than one would do. */
        @Nullable String exactly() {
            return matcher instanceof InputMatcher.Value(StringMatcher.Exact(var text, var folded))
                            && !folded
                    ? text
                    : null;
        }
    }

    /** {@code and_matcher}: the first that does not hold, or is not decided, decides. */
    record All<D>(List<MatchPredicate<D>> each) implements MatchPredicate<D> {
        public All {
            each = List.copyOf(each);
        }

        @Override
        public Decision test(D data) {
            for (int i = 0; i < each.size(); i++) {
                Decision decision = each.get(i).test(data);
                if (decision != Decision.YES) {
                    return decision;
                }
            }
            return Decision.YES;
        }

        @Override
        public String wanted(D data) {
            return each.stream()
                    .map(one -> one.wanted(data))
                    .collect(Collectors.joining(" and ", "(", ")"));
        }
    }

    /** {@code or_matcher}: undecided where none holds and one is. */
    record Any<D>(List<MatchPredicate<D>> each) implements MatchPredicate<D> {
        public Any {
            each = List.copyOf(each);
        }

        @Override
        public Decision test(D data) {
            Decision decision = Decision.NO;
            for (int i = 0; i < each.size(); i++) {
                Decision one = each.get(i).test(data);
                if (one == Decision.YES) {
                    return one;
                }
                decision = one == Decision.UNDECIDED ? one : decision;
            }
            return decision;
        }

        @Override
        public String wanted(D data) {
            return each.stream()
                    .map(one -> one.wanted(data))
                    .collect(Collectors.joining(" or ", "(", ")"));
        }
    }

    /** An input has one of many values. */
    record OneOf<D>(MatchInput<D> input, Set<String> values) implements MatchPredicate<D> {
        public OneOf {
            values = Set.copyOf(values);
        }

        @Override
        public Decision test(D data) {
            Object value = input.get(data);
            return value == MatchInput.NOT_YET
                    ? Decision.UNDECIDED
                    : Decision.of(value instanceof String text && values.contains(text));
        }

        @Override
        public String wanted(D data) {
            return "'" + input.get(data) + "' is one of " + values.size() + " values";
        }
    }

    /** {@code not_matcher}. */
    record Not<D>(MatchPredicate<D> one) implements MatchPredicate<D> {
        @Override
        public Decision test(D data) {
            return one.test(data).not();
        }

        @Override
        public String wanted(D data) {
            return "not " + one.wanted(data);
        }
    }

    /**
     * That one of some holds, in any order: those that ask the same input for one value each are
     * looked up together.
     */
    static <D> MatchPredicate<D> any(List<MatchPredicate<D>> each) {
        Map<MatchInput<D>, Set<String>> exact = new HashMap<>();
        List<MatchPredicate<D>> rest = new ArrayList<>();
        for (MatchPredicate<D> one : each) {
            String value = one instanceof Single<D> single ? single.exactly() : null;
            if (value != null && one instanceof Single<D> single) {
                exact.computeIfAbsent(single.input, input -> new HashSet<>()).add(value);
            } else {
                rest.add(one);
            }
        }
        exact.forEach((input, values) -> rest.add(new OneOf<>(input, values)));
        return rest.size() == 1 ? rest.getFirst() : new Any<>(rest);
    }
}
