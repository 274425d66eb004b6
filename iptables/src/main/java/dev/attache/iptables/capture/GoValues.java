package dev.attache.iptables.capture;

/**
 * Reads scalar flag values the way Go's {@code strconv} and {@code time.ParseDuration} do, so that
 * a value accepted or refused by istio-iptables is accepted or refused here. Stateless.
 */
final class GoValues {
    private GoValues() {}

    /** {@code strconv.ParseBool}; anything else throws {@link IllegalArgumentException}. */
    static boolean parseBool(String text) {
        return switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
        };
    }

    /** {@code strconv.ParseUint(text, 0, 16)}: decimal, 0x, 0o, 0b or leading-zero octal. */
    static int parseUint16(String text) {
        int radix = 10;
        String digits = text;
        if (text.length() > 1 && text.charAt(0) == '0') {
            char kind = Character.toLowerCase(text.charAt(1));
            radix = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
            digits = text.substring(kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1);
        }
        if (digits.isEmpty() || digits.charAt(0) == '+' || digits.charAt(0) == '-') {
            throw badUint(text, "invalid syntax");
        }
        long value;
        try {
            value = Long.parseLong(digits, radix);
        } catch (NumberFormatException e) {
            throw badUint(text, "invalid syntax");
        }
        if (value > 65535) {
            throw badUint(text, "value out of range");
        }
        return (int) value;
    }

    private static IllegalArgumentException badUint(String text, String why) {
        return new IllegalArgumentException("strconv.ParseUint: parsing \"" + text + "\": " + why);
    }

    /** {@code time.ParseDuration}, in nanoseconds. */
    static long parseDuration(String text) {
        if (text.equals("0")) {
            return 0;
        }
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (at == text.length()) {
            throw badDuration(text);
        }
        double total = 0;
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && isNumberPart(text.charAt(at))) {
                at++;
            }
            int unitStart = at;
            while (at < text.length() && !isNumberPart(text.charAt(at))) {
                at++;
            }
            total += number(text, start, unitStart) * unit(text, text.substring(unitStart, at));
        }
        return (long) (negative ? -total : total);
    }

    private static boolean isNumberPart(char c) {
        return c == '.' || (c >= '0' && c <= '9');
    }

    private static double number(String text, int from, int to) {
        try {
            return Double.parseDouble(text.substring(from, to));
        } catch (NumberFormatException e) {
            throw badDuration(text);
        }
    }

    private static double unit(String text, String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> throw badDuration(text);
        };
    }

    private static IllegalArgumentException badDuration(String text) {
        return new IllegalArgumentException("time: invalid duration \"" + text + "\"");
    }
}
