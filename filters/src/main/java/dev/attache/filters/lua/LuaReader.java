package dev.attache.filters.lua;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.attache.proxy.metadata.MetadataValue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what a script's library has written for the proxy, one value behind the other. */
public final class LuaReader {

    private final String octets;
    private int at;

    public LuaReader(MemorySegment bytes) {
        this.octets = new String(bytes.toArray(ValueLayout.JAVA_BYTE), ISO_8859_1);
    }

    public LuaReader(String octets) {
        this.octets = octets;
    }

    public boolean more() {
        return at < octets.length();
    }

    /** Text where the library has written text. */
    public String text() {
        if (value() instanceof MetadataValue.Text(String text)) {
            return text;
        }
        throw new IllegalStateException("the library has written something else than text");
    }

    public MetadataValue value() {
        char kind = octets.charAt(at++);
        return switch (kind) {
            case 't' -> new MetadataValue.Bool(true);
            case 'f' -> new MetadataValue.Bool(false);
            case 'n' -> new MetadataValue.Number(Double.parseDouble(number(until(';'))));
            case 's' -> {
                int length = Integer.parseInt(until(':'));
                at += length;
                yield new MetadataValue.Text(octets.substring(at - length, at));
            }
            case 'l' -> {
                int size = Integer.parseInt(until(':'));
                List<MetadataValue> values = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    values.add(value());
                }
                yield new MetadataValue.Sequence(values);
            }
            case 'm' -> {
                int size = Integer.parseInt(until(':'));
                Map<String, MetadataValue> fields = HashMap.newHashMap(size);
                for (int i = 0; i < size; i++) {
                    fields.put(text(), value());
                }
                yield new MetadataValue.Struct(fields);
            }
            default -> MetadataValue.Null.INSTANCE;
        };
    }

    private String until(char end) {
        int from = at;
        at = octets.indexOf(end, from) + 1;
        return octets.substring(from, at - 1);
    }

    /** As C's printf writes numbers that are none. */
    private static String number(String printed) {
        return switch (printed) {
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            case "nan", "-nan" -> "NaN";
            default -> printed;
        };
    }
}
