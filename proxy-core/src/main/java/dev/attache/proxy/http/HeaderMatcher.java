package dev.attache.proxy.http;

import dev.attache.proxy.matching.StringMatcher;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.route.v3.HeaderMatcher}. Where a name has several values, it is enough that
 * one of them passes the test; inverted, none may. Immutable, any thread.
 *
 * @param invert turns the outcome round; a missing header still fails every test of a value
 * @param missingAsEmpty a missing header is tested as the empty string
 */
public record HeaderMatcher(HeaderName name, Test test, boolean invert, boolean missingAsEmpty) {

    public HeaderMatcher {
        if (name.toString().equals("host")) {
            // One header under two names; inside it has that of HTTP/2.
            name = HeaderName.AUTHORITY;
        }
    }

    /** What is asked of the value. */
    public sealed interface Test {

        /** There is (or is not) such a header. */
        record Present(boolean expected) implements Test {}

        record Text(StringMatcher matcher) implements Test {}

        /** A base-10 integer in [start, end). */
        record Range(long start, long end) implements Test {}
    }

    public boolean matches(Headers headers) {
        if (test instanceof Test.Present present) {
            return ((headers.contains(name) || missingAsEmpty) == present.expected()) != invert;
        }
        int i = headers.indexOf(name);
        if (i < 0) {
            return missingAsEmpty && holds("") != invert;
        }
        for (; i >= 0; i = headers.indexOf(name, i + 1)) {
            if (holds(headers.value(i))) {
                return !invert;
            }
        }
        return invert;
    }

    private boolean holds(String value) {
        if (test instanceof Test.Text(var matcher)) {
            return matcher.matches(value);
        }
        if (test instanceof Test.Present(boolean expected)) {
            return expected;
        }
        Test.Range range = (Test.Range) test;
        Long number = parse(value);
        return number != null && number >= range.start() && number < range.end();
    }

    private static @Nullable Long parse(String value) {
        try {
            return Long.valueOf(value.strip());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    public static boolean all(Iterable<HeaderMatcher> matchers, Headers headers) {
        for (HeaderMatcher matcher : matchers) {
            if (!matcher.matches(headers)) {
                return false;
            }
        }
        return true;
    }
}
