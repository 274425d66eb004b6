package dev.attache.filters.http.jwt_authn;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.DecimalText;
import dev.attache.proxy.stream.format.json.JsonText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Claims as the text of a header: octets. Stateless. */
final class ClaimText {

    private static final double UINT64_END = 0x1p64;

    private ClaimText() {}

    /**
     * The text of the claim at a path, or null where there is nothing to send: no such claim, null,
     * an empty text, or one that no header can hold.
     */
    static @Nullable String of(MetadataValue.Struct payload, List<String> path) {
        MetadataValue value = payload;
        for (int i = 0; i < path.size() && value != null; i++) {
            value = value instanceof MetadataValue.Struct struct ? struct.get(path.get(i)) : null;
        }
        return switch (value) {
            case null -> null;
            case MetadataValue.Null none -> null;
            case MetadataValue.Text(String text) ->
                    text.isEmpty() || breaks(text) ? null : Octets.of(text);
            case MetadataValue.Number(double number) -> number(number);
            case MetadataValue.Bool(boolean bool) -> Boolean.toString(bool);
            case MetadataValue.Struct struct -> encoded(struct);
            case MetadataValue.Sequence sequence -> encoded(sequence);
        };
    }

    /** A line's end would begin a header of the token's own making. */
    private static boolean breaks(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0;
    }

    /** Whole numbers as such, all others with six places. */
    private static String number(double number) {
        if (number < 0 || number >= UINT64_END || number != Math.rint(number)) {
            return new BigDecimal(number).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
        }
        return new BigDecimal(number).toPlainString();
    }

    /** JSON in Base64. */
    private static String encoded(MetadataValue value) {
        StringBuilder json = new StringBuilder();
        json(json, value);
        byte[] octets = json.toString().getBytes(StandardCharsets.ISO_8859_1);
        return Base64.getEncoder().encodeToString(octets);
    }

    private static void json(StringBuilder out, MetadataValue value) {
        switch (value) {
            case MetadataValue.Struct struct -> {
                String separator = "{";
                for (Map.Entry<String, MetadataValue> field :
                        new TreeMap<>(struct.fields()).entrySet()) {
                    quote(out.append(separator), field.getKey());
                    json(out.append(':'), field.getValue());
                    separator = ",";
                }
                out.append(struct.fields().isEmpty() ? "{}" : "}");
            }
            case MetadataValue.Sequence sequence -> {
                String separator = "[";
                for (MetadataValue item : sequence.values()) {
                    json(out.append(separator), item);
                    separator = ",";
                }
                out.append(sequence.values().isEmpty() ? "[]" : "]");
            }
            case MetadataValue.Number(double number) -> out.append(DecimalText.roundTrip(number));
            case MetadataValue.Text(String text) -> quote(out, text);
            case MetadataValue.Bool bool -> JsonText.append(out, bool);
            case MetadataValue.Null none -> JsonText.append(out, none);
        }
    }

    /** As protobuf writes text: what means something in HTML stands as its number. */
    private static void quote(StringBuilder out, String text) {
        String quoted = JsonText.of(new MetadataValue.Text(Octets.of(text)));
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            switch (c) {
                case '<' -> out.append("\\u003c");
                case '>' -> out.append("\\u003e");
                case 0x7f -> out.append("\\u007f");
                default -> out.append(c);
            }
        }
    }
}
