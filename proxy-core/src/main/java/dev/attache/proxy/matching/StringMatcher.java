package dev.attache.proxy.matching;

import java.util.Locale;

/**
 * {@code envoy.type.matcher.v3.StringMatcher}. With {@code ignoreCase} the pattern is kept lower
 * case. Immutable, any thread.
 */
public sealed interface StringMatcher {

    boolean matches(String text);

    static StringMatcher exact(String value) {
        return new Exact(value, false);
    }

    record Exact(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String text) {
            return ignoreCase ? value.equalsIgnoreCase(text) : value.equals(text);
        }
    }

    record Prefix(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String text) {
            return text.regionMatches(ignoreCase, 0, value, 0, value.length());
        }
    }

    record Suffix(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String text) {
            return text.regionMatches(
                    ignoreCase, text.length() - value.length(), value, 0, value.length());
        }
    }

    record Contains(String value, boolean ignoreCase) implements StringMatcher {
        public Contains {
            value = ignoreCase ? value.toLowerCase(Locale.ROOT) : value;
        }

        @Override
        public boolean matches(String text) {
            return (ignoreCase ? text.toLowerCase(Locale.ROOT) : text).contains(value);
        }
    }

    record Matching(Regex regex) implements StringMatcher {
        @Override
        public boolean matches(String text) {
            return regex.matches(text);
        }
    }
}
