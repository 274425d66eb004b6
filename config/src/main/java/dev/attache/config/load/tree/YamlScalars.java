package dev.attache.config.load.tree;

import org.jspecify.annotations.Nullable;

/** What the words of YAML mean to Envoy, whose parser is yaml-cpp. */
final class YamlScalars {
    private YamlScalars() {}

    /** The value of a plain scalar. */
    static ConfigNode plain(String text, int line, int column) {
        return isNull(text) ? new ConfigNode.Null(line, column) : tagged(text, line, column);
    }

    /** The value of a scalar that has a tag, quoted or not: no tag says that it is text. */
    static ConfigNode tagged(String text, int line, int column) {
        Boolean bool = bool(text);
        if (bool != null) {
            return new ConfigNode.Bool(bool, line, column);
        }
        Long integer = integer(text);
        if (integer == null) {
            return new ConfigNode.Text(text, line, column);
        }
        String digits = Long.toString(integer);
        return integer >= Integer.MIN_VALUE && integer <= Integer.MAX_VALUE
                ? new ConfigNode.Number(digits, line, column)
                : new ConfigNode.Text(digits, line, column);
    }

    /** An escape may name half a character ({@code \\ud800}); that one is returned, else -1. */
    static int halfCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isLowSurrogate(c)
                    || i + 1 == text.length()
                    || !Character.isLowSurrogate(text.charAt(i + 1))) {
                return c;
            }
            i++;
        }
        return -1;
    }

    private static boolean isNull(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    /**
     * yaml-cpp takes these words in lower case, upper case or capitalised, and no other mixture.
     */
    private static @Nullable Boolean bool(String text) {
        if (text.length() > 5) {
            return null;
        }
        return switch (text) {
            case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" ->
                    Boolean.TRUE;
            case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" ->
                    Boolean.FALSE;
            default -> null;
        };
    }

    /** C++ stream rules: {@code 0x} is hexadecimal, a leading zero octal, a sign is allowed. */
    private static @Nullable Long integer(String text) {
        if (text.isEmpty()) {
            return null;
        }
        char first = text.charAt(0);
        int start = first == '-' || first == '+' ? 1 : 0;
        int radix = 10;
        if (text.startsWith("0x", start) || text.startsWith("0X", start)) {
            radix = 16;
            start += 2;
        } else if (text.length() > start + 1 && text.charAt(start) == '0') {
            radix = 8;
        }
        if (start == text.length()) {
            return null;
        }
        for (int i = start; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit > 'f' || Character.digit(digit, radix) < 0) {
                return null;
            }
        }
        try {
            String digits = text.substring(start);
            return Long.parseLong(first == '-' ? "-" + digits : digits, radix);
        } catch (NumberFormatException e) {
            return null; // beyond 64 bits: stays text, as any other word
        }
    }
}
