package dev.attache.filters.http.grpc_json_transcoder.json;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Floating-point numbers as protobuf prints them: the shorter of two precisions that reads back.
 */
final class Decimal {
    private Decimal() {}

    static String of(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String shorter = general(value, 15);
        return Double.parseDouble(shorter) == value ? shorter : general(value, 17);
    }

    static String of(float value) {
        if (Float.isNaN(value)) {
            return "nan";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        String shorter = general(value, 6);
        return Float.parseFloat(shorter) == value ? shorter : general(value, 9);
    }

    /** As C's {@code %.<digits>g}. */
    private static String general(double value, int digits) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return rounded.toPlainString();
        }
        String figures = rounded.unscaledValue().abs().toString();
        StringBuilder out = new StringBuilder();
        out.append(value < 0 ? "-" : "").append(figures.charAt(0));
        if (figures.length() > 1) {
            out.append('.').append(figures, 1, figures.length());
        }
        int size = Math.abs(exponent);
        return out.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(size < 10 ? "0" : "")
                .append(size)
                .toString();
    }
}
