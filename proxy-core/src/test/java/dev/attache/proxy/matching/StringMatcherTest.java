package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StringMatcherTest {

    /** Small and capital e with an acute accent as their UTF-8 bytes. */
    private static final String SMALL = "\u00c3\u00a9";

    private static final String CAPITAL = "\u00c3\u0089";

    @Test
    void ignoreCaseFoldsAsciiAlone() {
        assertThat(new StringMatcher.Exact("aB" + SMALL, true).matches("Ab" + SMALL)).isTrue();
        assertThat(new StringMatcher.Exact(SMALL, true).matches(CAPITAL)).isFalse();
        assertThat(new StringMatcher.Exact(SMALL, true).matches("\u00e3\u00a9")).isFalse();
        assertThat(new StringMatcher.Prefix("A" + SMALL, true).matches("a" + SMALL)).isTrue();
        assertThat(new StringMatcher.Suffix(SMALL + "A", true).matches("x" + SMALL + "a")).isTrue();
        assertThat(new StringMatcher.Suffix("longer", true).matches("er")).isFalse();
        assertThat(new StringMatcher.Contains("A" + SMALL, true).matches("xa" + SMALL + "x"))
                .isTrue();
        assertThat(new StringMatcher.Contains("A" + SMALL, true).matches("xa" + CAPITAL)).isFalse();
        assertThat(new StringMatcher.Contains("", true).matches("")).isTrue();
    }

    @Test
    void textIsComparedByItsUtf8Bytes() {
        StringMatcher matcher = new StringMatcher.Exact(SMALL, false);
        assertThat(matcher.matchesText("\u00e9")).isTrue();
        assertThat(matcher.matches("\u00e9")).isFalse();
        assertThat(matcher.matchesText(SMALL)).isFalse();
    }
}
