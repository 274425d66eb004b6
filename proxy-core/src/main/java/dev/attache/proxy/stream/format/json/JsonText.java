package dev.attache.proxy.stream.format.json;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** Writes values as compact JSON, keys sorted, as Envoy's JSON access logs do. */
public final class JsonText {

    private JsonText() {}

    public static String of(MetadataValue value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    public static void append(StringBuilder out, MetadataValue value) {
        switch (value) {
            case MetadataValue.Text text -> quoteOctets(out, text.value());
            case MetadataValue.Number number -> number(out, number.value());
            case MetadataValue.Bool bool -> out.append(bool.value());
            case MetadataValue.Null ignored -> out.append("null");
            case MetadataValue.Struct struct -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<String, MetadataValue> field :
                        new TreeMap<>(struct.fields()).entrySet()) {
                    out.append(separator);
                    quoteOctets(out, field.getKey());
                    out.append(':');
                    append(out, field.getValue());
                    separator = ",";
                }
                out.append('}');
            }
            case MetadataValue.Sequence sequence -> {
                out.append('[');
                String separator = "";
                for (MetadataValue item : sequence.values()) {
                    out.append(separator);
                    append(out, item);
                    separator = ",";
                }
                out.append(']');
            }
        }
    }

    /**
     * The shortest text that gives the number again, fixed or with an exponent, whichever is
     * shorter: {@code 120000}, {@code 1e+05}, {@code 0.1}. What is no number is null, what is
     * without end is text.
     */
    static void number(StringBuilder out, double value) {
        if (value == (int) value && Math.abs(value) < 100_000 && (value != 0 || 1 / value > 0)) {
            out.append((int) value);
        } else if (Double.isFinite(value)) {
            String fixed = fixed(value);
            String scientific = scientific(value);
            out.append(fixed.length() <= scientific.length() ? fixed : scientific);
        } else if (Double.isNaN(value)) {
            out.append("null");
        } else {
            out.append(value < 0 ? "\"-inf\"" : "\"inf\"");
        }
    }

    private static String fixed(double value) {
        boolean whole = value == Math.rint(value);
        String digits =
                (whole ? new BigDecimal(value) : new BigDecimal(Double.toString(value)))
                        .toPlainString();
        return value == 0 && 1 / value < 0 ? "-" + digits : digits;
    }

    private static String scientific(double value) {
        return value == 0
                ? "0e+00"
                : DecimalText.scientific(
                        new BigDecimal(Double.toString(value)).stripTrailingZeros());
    }

    /** Quotes text of any characters. */
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0x7f) {
                out.append("\\u007f");
            } else {
                escape(out, c);
            }
        }
        out.append('"');
    }

    /** Quotes octets as {@link #escapeOctets}. */
    public static void quoteOctets(StringBuilder out, String octets) {
        out.append('"');
        escapeOctets(out, octets);
        out.append('"');
    }

    /**
     * Escapes octets for the inside of a JSON string. UTF-8 stays as it is; where the octets are
     * not UTF-8, everything special becomes {@code \\u00XX}, so that the line is JSON whatever a
     * peer has sent.
     */
    public static void escapeOctets(StringBuilder out, String octets) {
        boolean plain = Octets.isUtf8(octets);
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (plain) {
                escape(out, c);
            } else if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
                unicode(out, c);
            } else {
                out.append(c);
            }
        }
    }

    private static void escape(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default -> {
                if (c < 0x20) {
                    unicode(out, c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static void unicode(StringBuilder out, char c) {
        out.append("\\u")
                .append(Character.forDigit(c >> 12, 16))
                .append(Character.forDigit(c >> 8 & 15, 16))
                .append(Character.forDigit(c >> 4 & 15, 16))
                .append(Character.forDigit(c & 15, 16));
    }
}
