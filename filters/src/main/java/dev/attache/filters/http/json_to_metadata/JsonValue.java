package dev.attache.filters.http.json_to_metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as it was read; whole numbers are told from others. Immutable. */
sealed interface JsonValue {

    record Fields(Map<String, JsonValue> fields) implements JsonValue {}

    /** Nobody asks for the values of an array. */
    record Items() implements JsonValue {}

    /** Characters. */
    record Text(String text) implements JsonValue {}

    record Whole(long number) implements JsonValue {}

    record Fraction(double number) implements JsonValue {}

    record Flag(boolean flag) implements JsonValue {}

    record Nothing() implements JsonValue {}

    /** The field of that name; null where there is none, or no object. */
    default @Nullable JsonValue field(String name) {
        return this instanceof Fields(Map<String, JsonValue> fields) ? fields.get(name) : null;
    }
}
