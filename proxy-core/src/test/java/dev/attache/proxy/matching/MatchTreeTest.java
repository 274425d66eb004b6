package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.matching.MatchTree.ByValue;
import dev.attache.proxy.matching.MatchTree.Entries;
import dev.attache.proxy.matching.MatchTree.Entry;
import dev.attache.proxy.matching.MatchTree.OnMatch;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MatchTreeTest {

    @Test
    void theFirstEntryThatPicksSomethingDecides() {
        MatchTree<String, String> inner =
                new Entries<>(List.of(new Entry<>("ab"::equals, action("inner"))), null);
        MatchTree<String, String> tree =
                new Entries<>(
                        List.of(
                                new Entry<>(
                                        text -> text.startsWith("a"), new OnMatch<>(null, inner)),
                                new Entry<>(text -> text.endsWith("c"), action("second"))),
                        action("none"));

        assertThat(tree.match("ab")).isEqualTo("inner");
        assertThat(tree.match("ac")).isEqualTo("second");
        assertThat(tree.match("a")).isEqualTo("none");
    }

    @Test
    void whatMatchesNothingPicksNothing() {
        assertThat(new Entries<String, String>(List.of(), null).match("a")).isNull();
        assertThat(byValue(false).match("x")).isNull();
    }

    @Test
    void valuesMatchWhole() {
        assertThat(byValue(false).match("ab")).isEqualTo("two");
        assertThat(byValue(false).match("abc")).isNull();
    }

    @Test
    void theLongestPrefixThatPicksSomethingDecides() {
        assertThat(byValue(true).match("abc")).isEqualTo("two");
        assertThat(byValue(true).match("ac")).isEqualTo("one");
        assertThat(byValue(true).match("abcdef")).isEqualTo("two");
        assertThat(byValue(true).match("x")).isNull();
    }

    @Test
    void aValueOfAnyLengthIsComparedWithNoMoreThanTheLongestOfTheMap() {
        String lengthy = "ab" + "c".repeat(4_000_000); // every prefix of it would be 8 TB to copy

        assertThat(byValue(true).match(lengthy)).isEqualTo("two");
    }

    @Test
    void withoutAValueOnNoMatchHolds() {
        MatchTree<String, String> tree =
                new ByValue<>(text -> null, Map.of("a", action("a")), true, action("none"));

        assertThat(tree.match("a")).isEqualTo("none");
    }

    private static MatchTree<String, String> byValue(boolean byPrefix) {
        return new ByValue<>(
                Function.identity(),
                Map.of(
                        "a", action("one"),
                        "ab", action("two"),
                        "abcd", new OnMatch<>(null, new Entries<>(List.of(), null))),
                byPrefix,
                null);
    }

    private static OnMatch<String, String> action(String name) {
        return new OnMatch<>(name, null);
    }
}
