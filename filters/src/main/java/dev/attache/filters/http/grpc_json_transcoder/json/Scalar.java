package dev.attache.filters.http.grpc_json_transcoder.json;

import dev.attache.filters.http.grpc_json_transcoder.schema.EnumType;
import dev.attache.proxy.stream.format.json.DecimalText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value of JSON that is neither object nor list, and what it is for a field: strings are numbers
 * where they look like it. Immutable.
 *
 * @param text octets of a string
 * @param whole of the integers
 */
public record Scalar(Type type, String text, long whole, double fraction) {
    private static final double TWO_TO_64 = 18446744073709551616.0;

    /** What it was in the text. */
    public enum Type {
        STRING,
        INT64,
        UINT64,
        DOUBLE,
        BOOL,
        NULL
    }

    static final Scalar NULL = new Scalar(Type.NULL, "", 0, 0);

    public static Scalar string(String octets) {
        return new Scalar(Type.STRING, octets, 0, 0);
    }

    static Scalar signed(long value) {
        return new Scalar(Type.INT64, "", value, 0);
    }

    static Scalar unsigned(long value) {
        return new Scalar(Type.UINT64, "", value, 0);
    }

    static Scalar number(double value) {
        return new Scalar(Type.DOUBLE, "", 0, value);
    }

    /**
     * What figures say: an integer where they do and it has 64 bits.
     *
     * @param floating they have a point or an exponent
     * @return null: no number
     */
    static @Nullable Scalar number(String figures, boolean floating) {
        if (!floating) {
            try {
                return figures.startsWith("-")
                        ? signed(Long.parseLong(figures))
                        : unsigned(Long.parseUnsignedLong(figures));
            } catch (NumberFormatException e) {
                // More than 64 bits, or no number at all.
            }
        }
        try {
            return number(Double.parseDouble(figures));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** A number beyond what a double holds. */
    boolean isEndless() {
        return type == Type.DOUBLE && !Double.isFinite(fraction);
    }

    static Scalar flag(boolean value) {
        return new Scalar(Type.BOOL, "", value ? 1 : 0, 0);
    }

    boolean isNull() {
        return type == Type.NULL;
    }

    /** As errors show it. */
    String shown() {
        return switch (type) {
            case STRING -> '"' + text + '"';
            case INT64 -> Long.toString(whole);
            case UINT64 -> Long.toUnsignedString(whole);
            case DOUBLE -> DecimalText.roundTrip(fraction);
            case BOOL -> whole == 1 ? "true" : "false";
            case NULL -> "null";
        };
    }

    private Unfit unfit() {
        return new Unfit(shown());
    }

    /** What a string says as a number; blanks within quotes are not looked over. */
    private String numeral() throws Unfit {
        if (text.startsWith(" ") || text.endsWith(" ")) {
            throw unfit();
        }
        return text.strip();
    }

    int toInt32() throws Unfit {
        long value = toInt64();
        if (value != (int) value) {
            throw unfit();
        }
        return (int) value;
    }

    int toUint32() throws Unfit {
        long value = toUint64();
        if (value >>> 32 != 0) {
            throw unfit();
        }
        return (int) value;
    }

    long toInt64() throws Unfit {
        switch (type) {
            case STRING -> {
                try {
                    return Long.parseLong(numeral());
                } catch (NumberFormatException e) {
                    throw unfit();
                }
            }
            case INT64 -> {
                return whole;
            }
            case UINT64 -> {
                if (whole < 0) {
                    throw unfit();
                }
                return whole;
            }
            case DOUBLE -> {
                long value = (long) fraction;
                if (value != fraction || (value == Long.MAX_VALUE)) {
                    throw unfit();
                }
                return value;
            }
            default -> throw unfit();
        }
    }

    long toUint64() throws Unfit {
        switch (type) {
            case STRING -> {
                try {
                    return Long.parseUnsignedLong(numeral());
                } catch (NumberFormatException e) {
                    throw unfit();
                }
            }
            case INT64 -> {
                if (whole < 0) {
                    throw unfit();
                }
                return whole;
            }
            case UINT64 -> {
                return whole;
            }
            case DOUBLE -> {
                if (!(fraction >= 0 && fraction < TWO_TO_64) || fraction != Math.rint(fraction)) {
                    throw unfit();
                }
                return fraction < 0x1p63
                        ? (long) fraction
                        : (long) (fraction - 0x1p63) ^ Long.MIN_VALUE;
            }
            default -> throw unfit();
        }
    }

    double toDouble() throws Unfit {
        return switch (type) {
            case STRING -> {
                double value = named();
                if (!Double.isFinite(value) && !isName()) {
                    throw unfit();
                }
                yield value;
            }
            case INT64 -> whole;
            case UINT64 -> whole >= 0 ? whole : (whole >>> 1) * 2.0;
            case DOUBLE -> fraction;
            default -> throw unfit();
        };
    }

    float toFloat() throws Unfit {
        double value = toDouble();
        float near = (float) value;
        if (Float.isInfinite(near) && Double.isFinite(value)) {
            throw unfit();
        }
        return near;
    }

    private boolean isName() {
        return text.equals("Infinity") || text.equals("-Infinity") || text.equals("NaN");
    }

    private double named() throws Unfit {
        String numeral = numeral();
        boolean figures = !numeral.isEmpty();
        for (int i = 0; i < numeral.length(); i++) {
            figures &= "0123456789+-.eE".indexOf(numeral.charAt(i)) >= 0;
        }
        if (!figures && !isName()) {
            throw unfit();
        }
        try {
            return Double.parseDouble(numeral);
        } catch (NumberFormatException e) {
            throw unfit();
        }
    }

    boolean toBool() throws Unfit {
        if (type == Type.BOOL) {
            return whole == 1;
        }
        if (type != Type.STRING) {
            throw unfit();
        }
        return switch (numeral().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "1" -> true;
            case "false", "f", "no", "n", "0" -> false;
            default -> throw unfit();
        };
    }

    String toText() throws Unfit {
        if (type != Type.STRING) {
            throw unfit();
        }
        return text;
    }

    /** Base64 of either alphabet, padded or not. */
    byte[] toBytes() throws Unfit {
        if (type != Type.STRING) {
            throw unfit();
        }
        StringBuilder figures = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && (c < '\t' || c > '\r')) {
                figures.append(c);
            }
        }
        boolean webSafe = figures.indexOf("-") >= 0 || figures.indexOf("_") >= 0;
        byte[] octets = figures.toString().getBytes(StandardCharsets.ISO_8859_1);
        try {
            return (webSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(octets);
        } catch (IllegalArgumentException e) {
            throw unfit();
        }
    }

    int toEnum(EnumType type, boolean anyCase) throws Unfit {
        if (this.type == Type.NULL) {
            return 0;
        }
        if (this.type != Type.STRING) {
            return toInt32();
        }
        Integer named = type.number(text);
        if (named != null) {
            return named;
        }
        try {
            int number = toInt32();
            if (type.name(number) != null) {
                return number;
            }
        } catch (Unfit e) {
            // It is no number: a name written otherwise, if that is allowed.
        }
        Integer normal =
                anyCase ? type.number(text.replace('-', '_').toUpperCase(Locale.ROOT)) : null;
        if (normal == null) {
            throw unfit();
        }
        return normal;
    }
}
