package dev.attache.server.admin.stats;

import dev.attache.proxy.stream.format.json.DecimalText;
import java.math.BigDecimal;

/** Doubles as C++ prints them. Pure. */
public final class NumberText {

    private NumberText() {}

    /**
     * {@code %g}: six significant digits at most; an exponent for what has more before the point.
     */
    public static String of(double value) {
        return general(value, 6);
    }

    /** {@code %.32g}: as Prometheus gets numbers. */
    static String exact(double value) {
        return general(value, 32);
    }

    /** The fewest digits that mean this double, in the shorter of both notations. */
    static String shortest(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (digits.signum() == 0) {
            return "0";
        }
        String plain = digits.toPlainString();
        String scientific = DecimalText.scientific(digits);
        return scientific.length() < plain.length() ? scientific : plain;
    }

    private static String general(double value, int digits) {
        return Double.isNaN(value) ? "nan" : DecimalText.general(value, digits);
    }
}
