package dev.attache.proxy.stream.format;

import org.jspecify.annotations.Nullable;

/** One {@code %NAME(argument):length%} cut out of a format string; {@code end} is just after it. */
record CommandText(String name, @Nullable String argument, int maxLength, int end) {

    static CommandText at(String format, int start) {
        int at = start + 1;
        while (at < format.length() && isNameChar(format.charAt(at))) {
            at++;
        }
        String name = format.substring(start + 1, at);
        if (name.isEmpty()) {
            throw invalid(format, start);
        }
        String argument = null;
        if (at < format.length() && format.charAt(at) == '(') {
            int close = closing(format, at, start);
            argument = format.substring(at + 1, close);
            at = close + 1;
        }
        int maxLength = -1;
        if (at < format.length() && format.charAt(at) == ':') {
            int digits = at + 1;
            while (digits < format.length() && isDigit(format.charAt(digits))) {
                digits++;
            }
            maxLength = length(format, at + 1, digits, start);
            at = digits;
        }
        if (at >= format.length() || format.charAt(at) != '%') {
            throw invalid(format, start);
        }
        return new CommandText(name, argument, maxLength, at + 1);
    }

    /** What is longer than any text cuts nothing. */
    private static int length(String format, int from, int to, int start) {
        try {
            long length = Long.parseUnsignedLong(format, from, to, 10);
            return length < 0 ? Integer.MAX_VALUE : (int) Math.min(length, Integer.MAX_VALUE);
        } catch (NumberFormatException e) {
            throw invalid(format, start);
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The argument ends at the first parenthesis that a {@code %} or {@code :digits%} follows. */
    private static int closing(String format, int open, int start) {
        for (int i = open + 1; i < format.length(); i++) {
            if (format.charAt(i) == '\n') {
                throw invalid(format, start);
            }
            if (format.charAt(i) != ')') {
                continue;
            }
            int after = i + 1;
            if (after < format.length() && format.charAt(after) == ':') {
                after++;
                while (after < format.length() && isDigit(format.charAt(after))) {
                    after++;
                }
            }
            if (after < format.length() && format.charAt(after) == '%') {
                return i;
            }
        }
        throw invalid(format, start);
    }

    private static boolean isNameChar(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private static IllegalArgumentException invalid(String format, int position) {
        return new IllegalArgumentException(
                "Incorrect configuration: "
                        + format
                        + ". Couldn't find valid command at position "
                        + position);
    }
}
