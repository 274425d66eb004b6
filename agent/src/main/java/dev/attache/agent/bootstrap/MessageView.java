package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.template.function.GoObject;
import dev.attache.agent.bootstrap.template.function.TextMap;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.GoDuration;
import dev.attache.agent.mesh.MessageField;
import dev.attache.agent.mesh.MessageTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as templates see it, by the names of the fields of Go's struct: {@code
 * .config.ProxyAdminPort}.
 *
 * @param type as Go names it
 * @param message as the table names it
 * @param tree in protobuf's JSON form
 */
record MessageView(String type, String message, Map<String, Object> tree) implements GoObject {

    @Override
    public Object json() {
        return tree;
    }

    @Override
    public @Nullable Object field(String name) {
        for (MessageField field : MessageTypes.fields(message)) {
            if (field.goName().equals(name)) {
                Object value = tree.get(field.jsonName());
                return value == null ? absent(field) : present(field, value);
            }
        }
        return null;
    }

    private static Object absent(MessageField field) {
        return switch (field.shape()) {
            case LIST -> List.of();
            case MAP -> new TextMap(Map.of());
            case ONE ->
                    switch (field.type()) {
                        case "string" -> "";
                        case "bool" -> false;
                        case "double" -> 0.0;
                        case "int32", "uint32", "int64" -> 0L;
                        default -> field.type().startsWith("enum:") ? zero(field) : Json.NULL;
                    };
        };
    }

    private static Object zero(MessageField field) {
        return MessageTypes.values(field.typeName()).entrySet().stream()
                .filter(value -> value.getValue() == 0)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private static Object present(MessageField field, Object value) {
        if (field.shape() == MessageField.Shape.LIST) {
            return ((List<?>) value).stream().map(item -> single(field, item)).toList();
        }
        return field.shape() == MessageField.Shape.MAP ? map(field, value) : single(field, value);
    }

    @SuppressWarnings("unchecked")
    private static Object map(MessageField field, Object value) {
        Map<String, Object> map = (Map<String, Object>) value;
        return field.type().equals("string") ? new TextMap(map) : map;
    }

    @SuppressWarnings("unchecked")
    private static Object single(MessageField field, Object value) {
        if (value instanceof Map && field.type().startsWith("message:")) {
            return new MessageView(
                    "*" + field.typeName(), field.typeName(), (Map<String, Object>) value);
        }
        return switch (field.type()) {
            case "Duration" ->
                    new Pieces("*durationpb.Duration", duration(value.toString()), value);
            case "BoolValue", "Int32Value", "UInt32Value", "StringValue" ->
                    new Pieces("*wrapperspb." + field.type(), Map.of("Value", value), value);
            case "Int64Value" ->
                    new Pieces(
                            "*wrapperspb.Int64Value",
                            Map.of("Value", Long.parseLong(value.toString())),
                            value);
            default -> value;
        };
    }

    private static Map<String, Object> duration(String text) {
        Duration value = GoDuration.parse(text);
        return Map.of("Seconds", value.getSeconds(), "Nanos", (long) value.getNano());
    }

    /** A well-known type. */
    private record Pieces(String type, Map<String, Object> fields, Object json)
            implements GoObject {
        @Override
        public @Nullable Object field(String name) {
            return fields.get(name);
        }
    }
}
