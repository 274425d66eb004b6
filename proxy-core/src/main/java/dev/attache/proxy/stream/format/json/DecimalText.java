package dev.attache.proxy.stream.format.json;

import java.math.BigDecimal;
import java.math.MathContext;

/** Finite doubles as C++ and protobuf print them. Pure. */
public final class DecimalText {

    private DecimalText() {}

    /**
     * As protobuf prints a {@code double}: 15 significant digits, or 17 where 15 mean another one.
     */
    public static String roundTrip(double value) {
        if (value == (int) value && value != 0) {
            return Integer.toString((int) value);
        }
        String few = general(value, 15);
        return Double.parseDouble(few) == value ? few : general(value, 17);
    }

    /** As protobuf prints a {@code float}: 6 significant digits, or 9 where 6 mean another one. */
    public static String roundTrip(float value) {
        String few = general(value, 6);
        return Float.parseFloat(few) == value ? few : general(value, 9);
    }

    /** C's {@code %.<digits>g}. */
    public static String general(double value, int digits) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < -4 || exponent >= digits ? scientific(rounded) : rounded.toPlainString();
    }

    /** With as many digits as there are, of a number without zeros at its end. */
    public static String scientific(BigDecimal number) {
        String figures = number.unscaledValue().abs().toString();
        int exponent = figures.length() - number.scale() - 1;
        StringBuilder out = new StringBuilder(figures.length() + 6);
        out.append(number.signum() < 0 ? "-" : "").append(figures.charAt(0));
        if (figures.length() > 1) {
            out.append('.').append(figures, 1, figures.length());
        }
        out.append(exponent < 0 ? "e-" : "e+").append(Math.abs(exponent) < 10 ? "0" : "");
        return out.append(Math.abs(exponent)).toString();
    }
}
