package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexTest {

    /** What RE2's GlobalReplace gives, seen in the real Envoy's regex_rewrite. */
    @ParameterizedTest
    @CsvSource({
        "[^/]*$, Z, /a/b, /a/Z",
        "[^/]*$, Z, /a/, /a/Z",
        "b*, -, /a/b, -/-a-/-",
        "b*, -, /bb/b, -/-/-",
        "x*, -, ab, -a-b-",
        "^, /p, /a, /p/a",
        "$, /e, /a, /a/e",
        "/+, /, //a///b, /a/b",
        "(a)|(b), '[\\1\\2]', abc, '[a][b]c'",
        "a, '\\\\', bab, 'b\\b'",
        "^/([^/]+)/(.*)$, '/\\2/\\1', /x/y/z, /y/z/x",
        "q, Z, /a, /a",
        "^/.*$, '', /a, ''",
        "/+, '/\\1-x', /a/b, /a/b",
        "(a), '\\2', abc, abc",
    })
    void replaces(String pattern, String substitution, String text, String result) {
        assertThat(Regex.compile(pattern).replaceAll(text, substitution)).isEqualTo(result);
    }

    /** A reader that tries one way after the other would not come back within a lifetime. */
    @Timeout(60)
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "(a|a)*c", "(.*)*=(.*)*#", "(?:a?){1000}a{1000}b"})
    void nestedRepetitionTakesOneWay(String pattern) {
        String text = "/" + "a".repeat(16_384) + "b!";
        assertThat(Regex.compile(pattern).matches(text)).isFalse();
        assertThat(Regex.compile("/" + pattern).replaceAll(text, "\\0")).isEqualTo(text);
    }

    /** As the real Envoy says it. */
    @ParameterizedTest
    @CsvSource({
        "a{1001}, {1001}",
        "((a{100}){100}){100}, {100}",
        "(a{10}b{20}(c{60}){20}), {20}",
        "'(a{500}){3,}', '{3,}'",
        "'(?:[({]{2}\\Q({9}\\E\\x{41}){501}', {501}",
    })
    void repetitionThatMultipliesIsRefused(String pattern, String where) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Regex.compile(pattern))
                .withMessage("invalid repetition size: " + where);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1000})*",
                "(((a{10}){10}){10}b)",
                "a{1000}b{1000}",
                "[{]{1000}\\{9",
                "\\pN"
            })
    void repetitionInARowIsTaken(String pattern) {
        assertThat(Regex.compile(pattern).pattern()).isEqualTo(pattern);
    }
}
