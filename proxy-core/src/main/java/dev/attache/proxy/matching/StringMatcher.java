package dev.attache.proxy.matching;

import com.google.re2j.Pattern;
import java.util.Locale;

/** {@code envoy.type.matcher.v3.StringMatcher}. Immutable, any thread. */
public sealed interface StringMatcher {

    boolean matches(String value);

    static StringMatcher exact(String value) {
        return new Exact(value, false);
    }

    /** The whole string equals {@code value}. */
    record Exact(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String text) {
            return ignoreCase ? text.equalsIgnoreCase(value) : text.equals(value);
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
            int start = text.length() - value.length();
            return start >= 0 && text.regionMatches(ignoreCase, start, value, 0, value.length());
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

    /** RE2 over the whole string, as Envoy's {@code safe_regex}. */
    record Regex(Pattern pattern) implements StringMatcher {

        /**
         * @throws com.google.re2j.PatternSyntaxException when RE2 does not take {@code expression}
         */
        public static Regex of(String expression) {
            return new Regex(Pattern.compile(expression));
        }

        @Override
        public boolean matches(String text) {
            return pattern.matches(text);
        }
    }
}
