package dev.attache.api.build;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the description says of one message or enum.
 *
 * @param file the proto file of a type that the classes do not have; null of one that they have
 */
record Addition(
        Position position,
        Sort sort,
        String fullName,
        @Nullable String file,
        List<Field> fields,
        List<Oneof> oneofs,
        List<Value> values) {
    /** What kind of statement it is. */
    enum Sort {
        MESSAGE,
        ENUM,
        EXTEND
    }

    /**
     * A field.
     *
     * @param changed the classes have it, but as something else
     * @param label {@code repeated}, {@code optional} or empty
     * @param mapKey the type of the keys, of a map
     * @param attributes what stands in the brackets behind it
     */
    record Field(
            Position position,
            boolean changed,
            String label,
            @Nullable String mapKey,
            String type,
            String name,
            int number,
            @Nullable String oneof,
            List<Attribute> attributes) {}

    /**
     * A oneof: a new one, or one of the classes that gets more fields.
     *
     * @param changed the classes have it, but it is required there and not here, or the reverse
     */
    record Oneof(Position position, boolean changed, String name, boolean required) {}

    /** A value of an enum. */
    record Value(Position position, String name, int number, List<Attribute> attributes) {}

    /** One word in brackets and what belongs to it: values, or more attributes. */
    record Attribute(Position position, String name, List<String> values, List<Attribute> nested) {}
}
