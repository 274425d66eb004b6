package dev.attache.filters.metadata;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in text, as Envoy reads them (absl's {@code SimpleAtod}): decimal and hexadecimal, {@code
 * inf}, {@code infinity}, {@code nan} and {@code nan(…)} in whatever case. Stateless.
 */
public final class NumberText {

    private NumberText() {}

    /** The number that the text is, blanks around it aside, or null. */
    public static @Nullable Double parse(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        boolean negative = word.startsWith("-");
        Double size = size(negative || word.startsWith("+") ? word.substring(1) : word);
        return size == null || !negative ? size : Double.valueOf(-size);
    }

    private static @Nullable Double size(String word) {
        if (word.equals("inf") || word.equals("infinity")) {
            return Double.POSITIVE_INFINITY;
        }
        if (isNan(word)) {
            return Double.NaN;
        }
        boolean hexadecimal = word.startsWith("0x");
        if (!hasOnlyFigures(word, hexadecimal)) {
            return null;
        }
        try {
            // Java wants an exponent of each hexadecimal number.
            return Double.valueOf(hexadecimal && word.indexOf('p') < 0 ? word + "p0" : word);
        } catch (NumberFormatException e) {
            return null; // figures, but not in the order of a number
        }
    }

    private static boolean isNan(String word) {
        if (!word.startsWith("nan(") || !word.endsWith(")")) {
            return word.equals("nan");
        }
        for (int i = 4; i < word.length() - 1; i++) {
            char c = word.charAt(i);
            if (c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        return true;
    }

    /**
     * Java takes letters behind a number, and a sign that was left over, which nobody else does.
     */
    private static boolean hasOnlyFigures(String word, boolean hexadecimal) {
        String more = hexadecimal ? ".+-abcdefxp" : ".+-e";
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if ((c < '0' || c > '9') && more.indexOf(c) < 0) {
                return false;
            }
        }
        return !word.isEmpty() && word.charAt(0) != '+' && word.charAt(0) != '-';
    }
}
