package dev.attache.server.admin.stats;

import java.math.BigDecimal;
import java.math.MathContext;

/** Doubles as C++ prints them. Pure. */
public final class NumberText {

    private NumberText() {}

    /**
     * {@code %g}: six significant digits at most; an exponent for what has more before the point.
     */
    public static String of(double value) {
        return general(value, 6);
    }

    /**
     * As protobuf prints a {@code double}: 15 significant digits, or 17 where 15 mean another one.
     */
    public static String roundTrip(double value) {
        if (value == (int) value && (value != 0 || 1 / value > 0)) {
            return Integer.toString((int) value);
        }
        if (value == 0) {
            return "-0";
        }
        String few = general(value, 15);
        return Double.parseDouble(few) == value ? few : general(value, 17);
    }

    /** As protobuf prints a {@code float}: 6 significant digits, or 9 where 6 mean another one. */
    public static String roundTrip(float value) {
        if (value == 0) {
            return 1 / value > 0 ? "0" : "-0";
        }
        String few = general(value, 6);
        return Float.parseFloat(few) == value ? few : general(value, 9);
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
        String scientific = scientific(digits);
        return scientific.length() < plain.length() ? scientific : plain;
    }

    private static String general(double value, int precision) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(precision)).stripTrailingZeros();
        if (rounded.signum() == 0) {
            return "0";
        }
        int exponent = exponent(rounded);
        return exponent < -4 || exponent >= precision
                ? scientific(rounded)
                : rounded.toPlainString();
    }

    private static int exponent(BigDecimal digits) {
        return digits.precision() - digits.scale() - 1;
    }

    private static String scientific(BigDecimal digits) {
        int exponent = exponent(digits);
        String mantissa = digits.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return "%se%s%02d".formatted(mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
