package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.matching.MatchPredicate.All;
import dev.attache.proxy.matching.MatchPredicate.Not;
import dev.attache.proxy.matching.MatchPredicate.Single;
import dev.attache.proxy.matching.MatchTree.Entry;
import dev.attache.proxy.matching.MatchTree.OnMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MatchTreeTest {
    private static final MatchInput<String> ITSELF = text -> text;
    private static final MatchInput<String> NOTHING = text -> null;
    private static final MatchInput<String> LATER = text -> MatchInput.NOT_YET;

    @Test
    void theFirstEntryThatPicksSomethingDecides() {
        MatchTree<String, String> inner =
                new EntryList<>(List.of(entry(exactly("ab"), action("inner"))), null);
        MatchTree<String, String> tree =
                new EntryList<>(
                        List.of(
                                entry(begins("a"), OnMatch.tree(inner)),
                                entry(ends("c"), action("second"))),
                        action("none"));

        assertThat(tree.pick("ab")).isEqualTo("inner");
        assertThat(tree.pick("ac")).isEqualTo("second");
        assertThat(tree.pick("a")).isEqualTo("none");
    }

    @Test
    void whatMatchesNothingPicksNothing() {
        assertThat(new EntryList<String, String>(List.of(), null).match("a"))
                .isSameAs(MatchResult.none());
        assertThat(values(ITSELF).pick("x")).isNull();
    }

    @Test
    void anEntryThatIsNotDecidedEndsTheSearch() {
        MatchTree<String, String> tree =
                new EntryList<>(
                        List.of(
                                entry(exactly("a"), action("first")),
                                entry(later("b"), action("later")),
                                entry(begins("c"), action("third"))),
                        action("none"));

        assertThat(tree.pick("a")).isEqualTo("first");
        assertThat(tree.match("c").isUndecided()).isTrue();
    }

    @Test
    void anUndecidedTreeBelowAnEntryEndsTheSearch() {
        MatchTree<String, String> below =
                new EntryList<>(List.of(entry(later("x"), action("later"))), null);
        MatchTree<String, String> tree =
                new EntryList<>(
                        List.of(
                                entry(begins("a"), OnMatch.tree(below)),
                                entry(begins("a"), action("second"))),
                        null);

        assertThat(tree.match("ab").isUndecided()).isTrue();
    }

    @Test
    void ofManyEntriesForOneValueTheFirstThatPicksSomethingDecides() {
        MatchTree<String, String> nothing = new EntryList<>(List.of(), null);
        List<Entry<String, String>> entries = new ArrayList<>();
        entries.add(entry(exactly("7"), OnMatch.tree(nothing)));
        for (int i = 0; i < 10; i++) {
            entries.add(entry(exactly(Integer.toString(i)), action("first " + i)));
        }
        entries.add(entry(exactly("7"), action("too late")));
        entries.add(entry(begins("8"), action("too late")));
        entries.add(entry(begins("x"), action("behind")));
        MatchTree<String, String> tree = new EntryList<>(entries, action("none"));

        assertThat(tree.pick("7")).isEqualTo("first 7");
        assertThat(tree.pick("8")).isEqualTo("first 8");
        assertThat(tree.pick("80")).isEqualTo("too late");
        assertThat(tree.pick("xy")).isEqualTo("behind");
        assertThat(tree.pick("y")).isEqualTo("none");
    }

    @Test
    void aConditionOfSeveralIsUndecidedWhereOneThatCountsIs() {
        MatchPredicate<String> any =
                MatchPredicate.any(List.of(later("a"), begins("a"), exactly("b"), exactly("c")));
        MatchPredicate<String> all = new All<>(List.of(begins("a"), later("a"), begins("b")));

        assertThat(any.test("ab")).isEqualTo(Decision.YES);
        assertThat(any.test("c")).isEqualTo(Decision.YES);
        assertThat(any.test("x")).isEqualTo(Decision.UNDECIDED);
        assertThat(all.test("x")).isEqualTo(Decision.NO);
        assertThat(all.test("a")).isEqualTo(Decision.UNDECIDED);
        assertThat(new Not<>(all).test("x")).isEqualTo(Decision.YES);
        assertThat(new Not<>(all).test("a")).isEqualTo(Decision.UNDECIDED);
    }

    @Test
    void valuesMatchWhole() {
        assertThat(values(ITSELF).pick("ab")).isEqualTo("two");
        assertThat(values(ITSELF).pick("abc")).isNull();
        assertThat(values(LATER).match("ab").isUndecided()).isTrue();
    }

    @Test
    void theLongestPrefixThatPicksSomethingDecides() {
        MatchTree<String, String> prefixes = new PrefixMap<>(ITSELF, entries(), null);

        assertThat(prefixes.pick("abc")).isEqualTo("two");
        assertThat(prefixes.pick("ac")).isEqualTo("one");
        assertThat(prefixes.pick("abcdef")).isEqualTo("two");
        assertThat(prefixes.pick("x")).isNull();
        assertThat(prefixes.pick("")).isNull();
    }

    @Test
    void anEmptyPrefixIsOneOfEveryValue() {
        MatchTree<String, String> prefixes =
                new PrefixMap<>(ITSELF, Map.of("", action("all"), "a", action("one")), null);

        assertThat(prefixes.pick("ab")).isEqualTo("one");
        assertThat(prefixes.pick("b")).isEqualTo("all");
        assertThat(prefixes.pick("")).isEqualTo("all");
    }

    @Test
    void aValueOfAnyLengthIsComparedWithNoMoreThanTheLongestOfTheMap() {
        String lengthy = "ab" + "c".repeat(4_000_000); // every prefix of it would be 8 TB to copy

        assertThat(new PrefixMap<>(ITSELF, entries(), null).pick(lengthy)).isEqualTo("two");
    }

    @Test
    void withoutAValueOnNoMatchHolds() {
        Map<String, OnMatch<String, String>> map = Map.of("a", action("a"));

        assertThat(new PrefixMap<>(NOTHING, map, action("none")).pick("a")).isEqualTo("none");
        assertThat(new ValueMap<>(NOTHING, map, action("none")).pick("a")).isEqualTo("none");
        assertThat(
                        new ServerNameMap<>(NOTHING, map, Map.of(), action("*"), action("none"))
                                .pick("a"))
                .isEqualTo("none");
    }

    @Test
    void whatKeepsMatchingIsPassedOver() {
        MatchTree<String, String> tree =
                new EntryList<>(
                        List.of(
                                entry(begins("a"), action("first").keepingMatching()),
                                entry(begins("a"), action("second"))),
                        null);

        assertThat(tree.pick("a")).isEqualTo("second");
    }

    @Test
    void namesMatchWholeThenByDomainThenAtAll() {
        MatchTree<String, String> nothing = new EntryList<>(List.of(), null);
        MatchTree<String, String> names =
                new ServerNameMap<>(
                        ITSELF,
                        Map.of("www.a.com", action("name"), "b.a.com", OnMatch.tree(nothing)),
                        Map.of("a.com", action("domain"), "com", action("top")),
                        action("any"),
                        action("none"));

        assertThat(names.pick("www.a.com")).isEqualTo("name");
        assertThat(names.pick("b.a.com")).isEqualTo("domain");
        assertThat(names.pick("a.com")).isEqualTo("top");
        assertThat(names.pick("x.y.a.com")).isEqualTo("domain");
        assertThat(names.pick("org")).isEqualTo("any");
        assertThat(names.pick("")).isEqualTo("none");
    }

    private static MatchTree<String, String> values(MatchInput<String> input) {
        return new ValueMap<>(input, entries(), null);
    }

    private static Map<String, OnMatch<String, String>> entries() {
        return Map.of(
                "a", action("one"),
                "ab", action("two"),
                "abcd", OnMatch.tree(new EntryList<>(List.of(), null)));
    }

    private static Entry<String, String> entry(
            MatchPredicate<String> predicate, OnMatch<String, String> onMatch) {
        return new Entry<>(predicate, onMatch);
    }

    private static MatchPredicate<String> exactly(String value) {
        return single(ITSELF, new StringMatcher.Exact(value, false));
    }

    private static MatchPredicate<String> begins(String value) {
        return single(ITSELF, new StringMatcher.Prefix(value, false));
    }

    private static MatchPredicate<String> ends(String value) {
        return single(ITSELF, new StringMatcher.Suffix(value, false));
    }

    private static MatchPredicate<String> later(String value) {
        return single(LATER, new StringMatcher.Prefix(value, false));
    }

    private static MatchPredicate<String> single(MatchInput<String> input, StringMatcher matcher) {
        return new Single<>(input, new InputMatcher.Value(matcher));
    }

    private static OnMatch<String, String> action(@Nullable String name) {
        return OnMatch.action(String.valueOf(name));
    }
}
