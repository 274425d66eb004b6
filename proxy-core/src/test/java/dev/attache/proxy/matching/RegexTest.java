package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
