package dev.attache.filters.jwt;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads typed values out of a token's objects, each mistake with the status that names it. */
final class Claims {

    /** What no unsigned 64 bit integer reaches. */
    private static final double UINT64_END = 0x1p64;

    private Claims() {}

    /** The text under a name, or empty where there is none. */
    static String text(MetadataValue.Struct struct, String name, JwtStatus notText)
            throws JwtException {
        MetadataValue value = struct.get(name);
        if (value == null) {
            return "";
        }
        return text(value, notText);
    }

    /** The text under a name, which must be there. */
    static String text(
            MetadataValue.Struct struct, String name, JwtStatus missing, JwtStatus notText)
            throws JwtException {
        MetadataValue value = struct.get(name);
        if (value == null) {
            throw new JwtException(missing);
        }
        return text(value, notText);
    }

    private static String text(MetadataValue value, JwtStatus notText) throws JwtException {
        if (value instanceof MetadataValue.Text(String text)) {
            return text;
        }
        throw new JwtException(notText);
    }

    /** The text under a name, or empty where there is none or something else. */
    static String textOrEmpty(MetadataValue.Struct struct, String name) {
        return struct.get(name) instanceof MetadataValue.Text(String text) ? text : "";
    }

    /** Whole seconds since 1970 under a name; 0 where there are none. */
    static long seconds(
            MetadataValue.Struct struct, String name, JwtStatus notNumber, JwtStatus outOfRange)
            throws JwtException {
        MetadataValue value = struct.get(name);
        if (value == null) {
            return 0;
        }
        if (!(value instanceof MetadataValue.Number(double number))) {
            throw new JwtException(notNumber);
        }
        if (number < 0 || number >= UINT64_END) {
            throw new JwtException(outOfRange);
        }
        return (long) number;
    }

    /** One text or a list of texts. */
    static List<String> texts(@Nullable MetadataValue value, JwtStatus neither)
            throws JwtException {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof MetadataValue.Sequence(List<MetadataValue> values))) {
            return List.of(text(value, neither));
        }
        List<String> texts = new ArrayList<>(values.size());
        for (MetadataValue each : values) {
            texts.add(text(each, neither));
        }
        return texts;
    }
}
