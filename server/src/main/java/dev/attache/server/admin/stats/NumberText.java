package dev.attache.server.admin.stats;

import java.math.BigDecimal;
import java.math.MathContext;

/** Doubles as C++ streams print them. Pure. */
public final class NumberText {

    private NumberText() {}

    /** Six significant digits at most, no trailing zeros. */
    public static String of(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }
}
