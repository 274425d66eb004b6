package dev.attache.server.newer;

import dev.attache.proxy.stream.format.json.JsonText;
import java.util.List;
import java.util.Map;

/** Maps, lists and scalars as JSON. */
public final class JsonWriter {
    private JsonWriter() {}

    /** The text of an object. */
    public static String write(Map<String, Object> object) {
        StringBuilder text = new StringBuilder();
        write(object, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder into) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    into.append(separator);
                    JsonText.quote(into, String.valueOf(entry.getKey()));
                    into.append(": ");
                    write(entry.getValue(), into);
                    separator = ", ";
                }
                into.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object each : list) {
                    into.append(separator);
                    write(each, into);
                    separator = ", ";
                }
                into.append(list.isEmpty() ? "[]" : "]");
            }
            case String text -> JsonText.quote(into, text);
            default -> into.append(value);
        }
    }
}
