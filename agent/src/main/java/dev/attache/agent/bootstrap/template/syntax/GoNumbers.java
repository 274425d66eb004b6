package dev.attache.agent.bootstrap.template.syntax;

import dev.attache.agent.document.GoQuotes;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as templates write them, read as {@code strconv} of Go does. */
final class GoNumbers {

    private static final Pattern WHOLE =
            Pattern.compile(
                    "[-+]?(0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO]?(_?[0-7])*|[1-9](_?[0-9])*)");
    private static final Pattern REAL =
            Pattern.compile(
                    "[-+]?(([0-9](_?[0-9])*)?\\.?([0-9](_?[0-9])*)?([eE][-+]?[0-9](_?[0-9])*)?"
                            + "|0[xX][0-9a-fA-F_]*\\.?[0-9a-fA-F_]*[pP][-+]?[0-9]+)");
    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64);

    private GoNumbers() {}

    /**
     * A number or a character.
     *
     * @throws IllegalArgumentException if it is none, in Go's words
     */
    static Node.Number parse(int at, String text) {
        if (text.startsWith("'")) {
            return character(at, text);
        }
        if (text.endsWith("i")) {
            throw new IllegalArgumentException(
                    "complex numbers are of no use here: " + GoQuotes.quote(text));
        }
        BigInteger whole = whole(text);
        if (whole != null && whole.bitLength() < 64) {
            return new Node.Number(at, text, whole.longValueExact(), whole.doubleValue());
        }
        if (whole != null && whole.signum() > 0 && whole.compareTo(LARGEST) < 0) {
            return new Node.Number(at, text, null, null);
        }
        return real(at, text);
    }

    private static Node.Number character(int at, String text) {
        String meant = GoQuotes.unquote(text);
        if (meant.isEmpty()) {
            throw new IllegalArgumentException("invalid syntax");
        }
        if (meant.codePointCount(0, meant.length()) != 1) {
            throw new IllegalArgumentException("malformed character constant: " + text);
        }
        long code = meant.codePointAt(0);
        return new Node.Number(at, text, code, (double) code);
    }

    private static @Nullable BigInteger whole(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return null;
        }
        boolean negative = text.startsWith("-");
        String digits = text.replaceAll("[-+_]", "").toLowerCase(Locale.ROOT);
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            char base = digits.charAt(1);
            radix = base == 'x' ? 16 : base == 'b' ? 2 : 8;
            digits = digits.substring(Character.isDigit(base) ? 1 : 2);
        }
        if (digits.isEmpty()) {
            return null;
        }
        BigInteger value = new BigInteger(digits, radix);
        return negative ? value.negate() : value;
    }

    private static Node.Number real(int at, String text) {
        String plain = text.replace("_", "");
        if (!REAL.matcher(text).matches() || plain.chars().noneMatch(Character::isDigit)) {
            throw new IllegalArgumentException("illegal number syntax: " + GoQuotes.quote(text));
        }
        double value = Double.parseDouble(plain);
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("illegal number syntax: " + GoQuotes.quote(text));
        }
        if (text.chars().noneMatch(c -> ".eEpP".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("integer overflow: " + GoQuotes.quote(text));
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 0x1p63;
        return new Node.Number(at, text, whole ? (Long) (long) value : null, value);
    }
}
