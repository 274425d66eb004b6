package dev.attache.agent.mesh;

import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the tree of a document as a message, to protobuf's JSON form: names in camel case, enums by
 * name, durations as text with {@code s}, 64-bit numbers as text. As Istio's agent does ({@code
 * jsonpb}): names may also be those of the {@code .proto} file, numbers may be quoted, durations
 * are Go's, null is absence. A field that the message has not is no error there; here it is a
 * warning.
 */
final class MessageReader {

    private static final int MOST_WARNINGS = 20;

    private final List<String> warnings = new ArrayList<>();

    /** What was found that has no meaning, in words. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * The fields that the tree has, zeros included: they override what was there before.
     *
     * @param path where the tree stands, for errors
     * @throws IllegalArgumentException naming the field whose value does not fit
     */
    Map<String, Object> given(String message, Object tree, String path) {
        if (!(tree instanceof Map<?, ?> map)) {
            throw wrong(path, "an object", tree, "give its fields by name");
        }
        Map<String, Object> rest = new LinkedHashMap<>();
        map.forEach((name, value) -> rest.put(String.valueOf(name), value));
        Map<String, Object> fields = new LinkedHashMap<>();
        for (MessageField field : MessageTypes.fields(message)) {
            Object value = rest.remove(field.name());
            Object byJsonName = rest.remove(field.jsonName());
            value = byJsonName == null ? value : byJsonName;
            if (value != null && value != Json.NULL) {
                put(fields, field, value(field, value, path + "." + field.jsonName()), message);
            }
        }
        rest.keySet().forEach(name -> unknown(path, name, message));
        return fields;
    }

    /** Sets a field; what is of the same oneof is no more. */
    static void put(Map<String, Object> fields, MessageField field, Object value, String message) {
        if (!field.oneof().isEmpty()) {
            for (MessageField other : MessageTypes.fields(message)) {
                if (other.oneof().equals(field.oneof())) {
                    fields.remove(other.jsonName());
                }
            }
        }
        fields.put(field.jsonName(), value);
    }

    /** Whether a field with this value is written: zeros of most fields are not. */
    static boolean written(MessageField field, Object value) {
        if (field.shape() != MessageField.Shape.ONE) {
            return !(value instanceof List<?> list && list.isEmpty())
                    && !(value instanceof Map<?, ?> map && map.isEmpty());
        }
        return field.present() || !zero(field, value);
    }

    private static boolean zero(MessageField field, Object value) {
        if (field.type().startsWith("enum:")) {
            Integer number = MessageTypes.values(field.typeName()).get(value.toString());
            return number != null && number == 0;
        }
        return value.equals("") || value.equals(0L) || value.equals(0.0) || value.equals(false);
    }

    private Map<String, Object> message(String message, Object tree, String path) {
        Map<String, Object> fields = given(message, tree, path);
        for (MessageField field : MessageTypes.fields(message)) {
            Object value = fields.get(field.jsonName());
            if (value != null && !written(field, value)) {
                fields.remove(field.jsonName());
            }
        }
        return fields;
    }

    private Object value(MessageField field, Object value, String path) {
        return switch (field.shape()) {
            case ONE -> single(field, value, path);
            case LIST -> {
                if (!(value instanceof List<?> list)) {
                    throw wrong(path, "a list", value, "put it in [ ]");
                }
                List<Object> items = new ArrayList<>();
                for (Object item : list) {
                    items.add(single(field, item, path + "[" + items.size() + "]"));
                }
                yield items;
            }
            case MAP -> {
                if (!(value instanceof Map<?, ?> map)) {
                    throw wrong(path, "an object", value, "give names with values");
                }
                Map<String, Object> entries = new LinkedHashMap<>();
                map.forEach((name, item) ->
                        entries.put(
                                String.valueOf(name),
                                single(field, item, path + "[" + name + "]")));
                yield entries;
            }
        };
    }

    private Object single(MessageField field, Object value, String path) {
        if (field.type().startsWith("message:")) {
            return value == Json.NULL
                    ? new LinkedHashMap<String, Object>()
                    : message(field.typeName(), value, path);
        }
        if (field.type().startsWith("enum:")) {
            return MessageScalars.enumeration(field.typeName(), value, path);
        }
        return MessageScalars.read(field.type(), value, path);
    }

    private void unknown(String path, String name, String message) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(
                    path
                            + "."
                            + name
                            + " has no effect: "
                            + message
                            + " has no such field; remove"
                            + " it, or correct its name");
        }
    }

    static IllegalArgumentException wrong(String path, String wanted, Object got, String remedy) {
        String text = Json.print(got);
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return new IllegalArgumentException(
                path + " is " + shown + ", not " + wanted + "; " + remedy);
    }
}
