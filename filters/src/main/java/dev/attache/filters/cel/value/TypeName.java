package dev.attache.filters.cel.value;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A type as a value: what {@code type(x)} comes to, and what {@code int} means by itself.
 *
 * @param name as the language has it
 */
public record TypeName(String name) {

    /**
     * Of a value that is no fault.
     *
     * @throws IllegalArgumentException for what is no value
     */
    public static TypeName of(Object value) {
        return new TypeName(
                switch (value) {
                    case Boolean b -> "bool";
                    case Long l -> "int";
                    case Uint u -> "uint";
                    case Double d -> "double";
                    case String s -> "string";
                    case Bytes b -> "bytes";
                    case Null n -> "null_type";
                    case TypeName t -> "type";
                    case List<?> l -> "list";
                    case CelMap m -> "map";
                    case CelMessage m -> m.typeName();
                    case Duration d -> "google.protobuf.Duration";
                    case Instant i -> "google.protobuf.Timestamp";
                    default -> throw new IllegalArgumentException(value.getClass().getName());
                });
    }
}
