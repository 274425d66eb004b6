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

    /** What is no number is told without an exception: whoever sends it decides how often. */
    private static @Nullable Long parse(String value) {
        String digits = value.strip();
        boolean negative = digits.startsWith("-");
        int start = negative || digits.startsWith("+") ? 1 : 0;
        long below = 0; // negative numbers reach one further
        for (int i = start; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || below < (Long.MIN_VALUE + digit) / 10) {
                return null;
            }
            below = below * 10 - digit;
        }
        boolean none = digits.length() == start || !negative && below == Long.MIN_VALUE;
        return none ? null : Long.valueOf(negative ? below : -below);
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
