package dev.attache.proxy.stream.format;

import dev.attache.proxy.metadata.MetadataValue;
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
            case MetadataValue.Text text -> quote(out, text.value());
            case MetadataValue.Number number -> number(out, number.value());
            case MetadataValue.Bool bool -> out.append(bool.value());
            case MetadataValue.Null ignored -> out.append("null");
            case MetadataValue.Struct struct -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<String, MetadataValue> field :
                        new TreeMap<>(struct.fields()).entrySet()) {
                    out.append(separator);
                    quote(out, field.getKey());
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

    private static void number(StringBuilder out, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.append((long) value);
        } else if (Double.isFinite(value)) {
            out.append(value);
        } else {
            out.append("null");
        }
    }

    public static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
