package dev.attache.proxy.matching;

import java.nio.charset.StandardCharsets;

/**
 * {@code envoy.type.matcher.v3.StringMatcher}. As in Envoy octets are compared: pattern and text
 * are strings whose characters are bytes, which is how headers travel here, and what configuration
 * writes beyond ASCII stands in a pattern as its UTF-8 bytes. {@code ignoreCase} folds ASCII alone.
 * Immutable, any thread.
 */
public sealed interface StringMatcher {

    /**
     * @param octets one character per byte
     */
    boolean matches(String octets);

    /**
     * The same for a text of characters, such as a name in a certificate or a value of metadata.
     */
    default boolean matchesText(String text) {
        return matches(
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    static StringMatcher exact(String value) {
        return new Exact(value, false);
    }

    record Exact(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String octets) {
            return ignoreCase
                    ? octets.length() == value.length() && StringMatcher.folded(octets, 0, value)
                    : value.equals(octets);
        }
    }

    record Prefix(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String octets) {
            return ignoreCase ? StringMatcher.folded(octets, 0, value) : octets.startsWith(value);
        }
    }

    record Suffix(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String octets) {
            return ignoreCase
                    ? StringMatcher.folded(octets, octets.length() - value.length(), value)
                    : octets.endsWith(value);
        }
    }

    record Contains(String value, boolean ignoreCase) implements StringMatcher {
        @Override
        public boolean matches(String octets) {
            if (!ignoreCase) {
                return octets.contains(value);
            }
            for (int at = octets.length() - value.length(); at >= 0; at--) {
                if (StringMatcher.folded(octets, at, value)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Matching(Regex regex) implements StringMatcher {
        @Override
        public boolean matches(String octets) {
            return regex.matches(octets);
        }
    }

    /** Whether {@code value} stands at {@code at}, capital letters of ASCII counted as small. */
    private static boolean folded(String octets, int at, String value) {
        if (at < 0 || at + value.length() > octets.length()) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (lower(octets.charAt(at + i)) != lower(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
}
