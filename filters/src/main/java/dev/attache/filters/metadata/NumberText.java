package dev.attache.filters.metadata;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in text, as Envoy reads them (absl's {@code SimpleAtod}): decimal and hexadecimal, {@code
 * inf}, {@code infinity}, {@code nan} and {@code nan(…)} in whatever case. Stateless.
 */
public final class NumberText {
    private static final Pattern DECIMAL =
            Pattern.compile("(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:e[+-]?+\\d++)?+");

    private static final Pattern HEXADECIMAL =
            Pattern.compile(
                    "0x(?:[0-9a-f]++(?:\\.[0-9a-f]*+)?+|\\.[0-9a-f]++)(?<power>p[+-]?+\\d++)?+");

    private static final Pattern NAN = Pattern.compile("nan(?:\\([0-9a-z_]*+\\))?+");

    private NumberText() {}

    /** The number that the text is, ASCII's blanks around it aside, or null. */
    public static @Nullable Double parse(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        String word = text.substring(start, end).toLowerCase(Locale.ROOT);
        boolean negative = word.startsWith("-");
        Double size = size(negative || word.startsWith("+") ? word.substring(1) : word);
        return size == null || !negative ? size : Double.valueOf(-size);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** Java is asked only about what it takes: nobody pays for an exception. */
    private static @Nullable Double size(String word) {
        if (DECIMAL.matcher(word).matches()) {
            return Double.valueOf(word);
        }
        Matcher hexadecimal = HEXADECIMAL.matcher(word);
        if (hexadecimal.matches()) {
            // Java wants an exponent of each.
            return Double.valueOf(hexadecimal.group("power") == null ? word + "p0" : word);
        }
        if (word.equals("inf") || word.equals("infinity")) {
            return Double.POSITIVE_INFINITY;
        }
        return NAN.matcher(word).matches() ? Double.valueOf(Double.NaN) : null;
    }
}
