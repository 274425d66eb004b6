package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Patterns are refused in words or compiled, and a rewrite is bounded by what it is made of: each
 * match takes the substitution once, each group no more than the text.
 */
class RegexFuzzTest {

    static Stream<Arguments> rewrites() {
        return Stream.of(
                Arguments.of("(a+)+$", "\\1\\1", "aaaaaaaaaaaaaaaaab"),
                Arguments.of("x*", "-", "abc"),
                Arguments.of("(.)(.)?", "\\2\\0\\\\\\", "a/b"),
                Arguments.of("[", "", "a"),
                Arguments.of("a{1000}{1000}", "", "a"),
                Arguments.of("(?i)\\pN\\Q.\\E", "\\9", "\u00e9"));
    }

    @MethodSource("rewrites")
    @FuzzTest
    void rewritesWithinBounds(
            @NotNull @WithUtf8Length(max = 200) String pattern,
            @NotNull @WithUtf8Length(max = 50) String substitution,
            @NotNull String text) {
        Regex regex;
        try {
            regex = Regex.compile(pattern);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        boolean found = regex.find(text);
        assertThat(found || !regex.matches(text)).isTrue();
        String result = regex.replaceAll(text, substitution);
        long perMatch = (long) substitution.length() * (text.length() + 1);
        assertThat((long) result.length())
                .isLessThanOrEqualTo(text.length() + (text.length() + 1L) * perMatch);
        if (!found) {
            assertThat(result).isEqualTo(text);
        }
    }
}
