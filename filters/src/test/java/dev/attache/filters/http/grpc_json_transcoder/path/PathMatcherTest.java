package dev.attache.filters.http.grpc_json_transcoder.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates, and what paths say by them. */
class PathMatcherTest {

    private static PathMatcher<String> matcher(Unescaping unescaping, boolean anyVerb) {
        return new PathMatcher<>(
                new PathMatcher.Options(unescaping, Set.of("key"), false, anyVerb));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/                     | /          | ''",
                "/a/{x}                | /a/b       | x=b",
                "/a/{x}                | /a/b%2Fc/  | x=b/c",
                "/a/{x.y=b/*}          | /a/b/c     | x.y=b/c",
                "/a/{x=**}             | /a         | x=",
                "/a/{x=**}             | /a/b%2Fc/d | x=b%2Fc/d",
                "/a/{x=b/**}/end       | /a/b/c/d/end | x=b/c/d",
                "/{x}/c/{y}            | /a/c/b?key=1 | x=a y=b",
                "/a/{x}:verb           | /a/b:verb  | x=b",
            })
    void saysByATemplate(String template, String path, String said) {
        PathMatcher<String> matcher = matcher(Unescaping.ALL_CHARACTERS_EXCEPT_RESERVED, false);
        assertThat(matcher.add("GET", template, "it")).isTrue();
        int query = path.indexOf('?');
        PathMatcher.Match<String> match =
                Objects.requireNonNull(
                        matcher.match(
                                "GET",
                                query < 0 ? path : path.substring(0, query),
                                query < 0 ? "" : path.substring(query + 1)));
        StringBuilder bindings = new StringBuilder();
        match.bindings()
                .forEach(each ->
                        bindings.append(bindings.isEmpty() ? "" : " ")
                                .append(String.join(".", each.field()))
                                .append('=')
                                .append(each.value()));
        assertThat(bindings).hasToString(said);
        assertThat(matcher.match("POST", path, "")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/a/",
                "/{x",
                "/{x=}",
                "/{}",
                "/{x={y}}",
                "/**/{x}",
                "/**/*",
                "/a:",
                "/a}",
                "/{x=**}/**"
            })
    void whatIsNoTemplateIsTold(String template) {
        assertThat(matcher(Unescaping.ALL_CHARACTERS, false).add("GET", template, "it")).isFalse();
    }

    @Test
    void literalsGoBeforeWildcardsAndTwoOfTheSameAreNone() {
        PathMatcher<String> matcher = matcher(Unescaping.ALL_CHARACTERS, false);
        matcher.add("GET", "/a/{x}", "one");
        matcher.add("GET", "/a/b", "literal");
        matcher.add("GET", "/a/{x=**}", "rest");
        matcher.add("GET", "/a/b/c/{y}", "far");
        matcher.add("GET", "/twice/{x}", "first");
        matcher.add("GET", "/twice/{y}", "second");
        assertThat(target(matcher, "/a/b")).isEqualTo("literal");
        assertThat(target(matcher, "/a/c")).isEqualTo("one");
        assertThat(target(matcher, "/a/b/c")).isEqualTo("rest");
        assertThat(target(matcher, "/a/b/c/d")).isEqualTo("far");
        assertThat(target(matcher, "/twice/a")).isEqualTo("none");
        assertThat(target(matcher, "/")).isEqualTo("none");
    }

    @Test
    void aColonBeginsAVerbWhereOneIsKnown() {
        PathMatcher<String> some = matcher(Unescaping.ALL_CHARACTERS, false);
        some.add("GET", "/a/{x}", "plain");
        some.add("GET", "/a/{x}:buy", "buy");
        assertThat(target(some, "/a/b:buy")).isEqualTo("buy");
        assertThat(target(some, "/a/b:sell")).isEqualTo("plain");
        PathMatcher<String> any = matcher(Unescaping.ALL_CHARACTERS, true);
        any.add("GET", "/a/{x}", "plain");
        assertThat(target(any, "/a/b:sell")).isEqualTo("none");
    }

    private static String target(PathMatcher<String> matcher, String path) {
        PathMatcher.Match<String> match = matcher.match("GET", path, "");
        return match == null ? "none" : match.target();
    }
}
