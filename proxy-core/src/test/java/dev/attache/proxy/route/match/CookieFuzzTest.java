package dev.attache.proxy.route.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** The first value of a cookie, beside the slow way that Envoy's documentation tells. */
class CookieFuzzTest {

    static Stream<byte[]> cookies() {
        return Stream.of(
                        "a=1; b=2",
                        "b=\"x;y\";a=\"q\"",
                        " a =1;  a=2;=;;a",
                        "A=1;\ta=2;a=\"",
                        "x\na=\"\"\na=3")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Lines of the input are fields of their own. */
    @MethodSource("cookies")
    @FuzzTest
    void theFirstCounts(byte[] octets) {
        Headers request = new Headers();
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        String[] fields = text.split("\n", -1);
        for (String field : fields) {
            request.add(HeaderName.COOKIE, field);
        }
        for (String name : new String[] {"a", "b", ""}) {
            String expected =
                    Arrays.stream(fields)
                            .flatMap(field -> Arrays.stream(field.split(";", -1)))
                            .map(pair -> pair.replaceFirst("^ +", ""))
                            .filter(pair -> pair.indexOf('=') == name.length())
                            .filter(pair -> pair.startsWith(name))
                            .map(pair -> pair.substring(name.length() + 1))
                            .findFirst()
                            .orElse(null);
            String found = CookieMatcher.first(request, name);
            assertThat(found).isEqualTo(unquoted(expected));
            if (found != null) {
                StringMatcher same = StringMatcher.exact(found);
                assertThat(new CookieMatcher(name, same, false).matches(request)).isTrue();
                assertThat(new CookieMatcher(name, same, true).matches(request)).isFalse();
            }
        }
    }

    private static @Nullable String unquoted(@Nullable String value) {
        return value != null && value.matches("(?s)\".*\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
