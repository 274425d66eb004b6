package dev.attache.filters.cel.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers of the three types beside each other, and their text. Stateless. */
public final class Numbers {
    private static final double TWO_TO_63 = 0x1p63;
    private static final double TWO_TO_64 = 0x1p64;

    /** Digits that C's {@code %g} has, and from which power on it writes one. */
    private static final int PLAIN_DIGITS = 6;

    private static final int PROTOBUF_DIGITS = 15;

    private Numbers() {}

    public static boolean is(Object value) {
        return value instanceof Long || value instanceof Uint || value instanceof Double;
    }

    /**
     * As {@link Double#compare}, of numbers of any type by what they are worth, a whole number
     * beside a real one as the real one next to it; not of NaN.
     */
    static int compare(Object left, Object right) {
        if (left instanceof Long a) {
            return switch (right) {
                case Long b -> Long.compare(a, b);
                case Uint b -> a < 0 || b.bits() < 0 ? -1 : Long.compare(a, b.bits());
                case Double b -> -compare(b, a);
                default -> throw new IllegalArgumentException(right.getClass().getName());
            };
        }
        if (left instanceof Uint a) {
            return switch (right) {
                case Long b -> -compare(b, a);
                case Uint b -> Long.compareUnsigned(a.bits(), b.bits());
                case Double b -> -compare(b, a);
                default -> throw new IllegalArgumentException(right.getClass().getName());
            };
        }
        double a = (Double) left;
        return switch (right) {
            case Long b -> compare(a, (double) b);
            case Uint b -> compare(a, Double.parseDouble(b.toString()));
            case Double b -> compare(a, (double) b);
            default -> throw new IllegalArgumentException(right.getClass().getName());
        };
    }

    private static int compare(double a, double b) {
        return a == b ? 0 : a < b ? -1 : 1;
    }

    static boolean isNaN(Object value) {
        return value instanceof Double real && real.isNaN();
    }

    /** The one form of all numbers of the same worth; anything else as it is. */
    static Object key(Object value) {
        if (value instanceof Uint number && number.bits() >= 0) {
            return number.bits();
        }
        if (value instanceof Double real && real == Math.rint(real)) {
            if (real >= -TWO_TO_63 && real < TWO_TO_63) {
                return (long) (double) real;
            }
            if (real >= TWO_TO_63 && real < TWO_TO_64) {
                return new Uint(new BigDecimal(real).toBigInteger().longValue());
            }
        }
        return value;
    }

    /** Which item of a list is meant, or -1. */
    public static int index(Object value, int size) {
        return key(value) instanceof Long number && number >= 0 && number < size
                ? number.intValue()
                : -1;
    }

    /** With six digits, as C prints it with {@code %g}. */
    static String sixDigits(double value) {
        return Double.isFinite(value) && value != 0
                ? digits(
                        new BigDecimal(value)
                                .round(new MathContext(PLAIN_DIGITS, RoundingMode.HALF_EVEN)),
                        PLAIN_DIGITS)
                : special(value);
    }

    /** With as many digits as it takes to read the same number again. */
    public static String shortest(double value) {
        return Double.isFinite(value) && value != 0
                ? digits(new BigDecimal(Double.toString(value)), PLAIN_DIGITS)
                : special(value);
    }

    /** As protobuf's text has it: as {@link #shortest}, but plain up to 15 digits. */
    public static String round(double value) {
        return Double.isFinite(value) && value != 0
                ? digits(new BigDecimal(Double.toString(value)), PROTOBUF_DIGITS)
                : special(value);
    }

    private static String special(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    private static String digits(BigDecimal number, int plain) {
        BigDecimal shown = number.stripTrailingZeros();
        int power = shown.precision() - shown.scale() - 1;
        if (power >= -4 && power < plain) {
            return shown.toPlainString();
        }
        String all = shown.unscaledValue().abs().toString();
        StringBuilder out = new StringBuilder(all.length() + 8);
        if (shown.signum() < 0) {
            out.append('-');
        }
        out.append(all.charAt(0));
        if (all.length() > 1) {
            out.append('.').append(all, 1, all.length());
        }
        out.append('e').append(power < 0 ? '-' : '+');
        int size = Math.abs(power);
        return out.append(size < 10 ? "0" : "").append(size).toString();
    }
}
