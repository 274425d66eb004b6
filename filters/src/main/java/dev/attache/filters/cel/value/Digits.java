package dev.attache.filters.cel.value;

/**
 * Whole numbers in text that may be a request's: what is none is told without an exception.
 * Stateless.
 */
public final class Digits {
    /** Answer of {@link #number} for what is none, or larger than 63 bits. */
    public static final long NONE = -1;

    private Digits() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /**
     * The number that these digits are; 0 of no digit, {@link #NONE} where another character is.
     */
    public static long number(String text, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /**
     * What {@code int()} makes of a text, blanks and a sign before it: a {@code Long}, or a fault.
     */
    public static Object signed(String text) {
        String word = strip(text);
        boolean negative = word.startsWith("-");
        int start = negative || word.startsWith("+") ? 1 : 0;
        if (word.length() == start) {
            return Fault.FAULT;
        }
        if (negative && isMin(word)) {
            return Long.MIN_VALUE;
        }
        long number = number(word, start, word.length());
        return number == NONE ? Fault.FAULT : (Object) (negative ? -number : number);
    }

    private static boolean isMin(String word) {
        int zeros = 1;
        while (zeros < word.length() && word.charAt(zeros) == '0') {
            zeros++;
        }
        return word.startsWith("9223372036854775808", zeros) && word.length() == zeros + 19;
    }

    /** As {@link #signed}, of {@code uint()}, which takes no minus. */
    public static Object unsigned(String text) {
        String word = strip(text);
        int start = word.startsWith("+") ? 1 : 0;
        if (word.length() == start) {
            return Fault.FAULT;
        }
        long number = 0;
        for (int i = start; i < word.length(); i++) {
            int digit = word.charAt(i) - '0';
            boolean fits =
                    digit >= 0
                            && digit <= 9
                            && Math.unsignedMultiplyHigh(number, 10) == 0
                            && Long.compareUnsigned(number * 10, -1 - digit) <= 0;
            if (!fits) {
                return Fault.FAULT;
            }
            number = number * 10 + digit;
        }
        return new Uint(number);
    }

    /** Without ASCII's blanks at either end. */
    public static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
