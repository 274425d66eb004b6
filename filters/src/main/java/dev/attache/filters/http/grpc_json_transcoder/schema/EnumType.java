package dev.attache.filters.http.grpc_json_transcoder.schema;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An enum: names to numbers and back. Immutable. */
public final class EnumType {
    private final String fullName;
    private final Map<String, Integer> numbers;
    private final Map<Integer, String> names;

    /**
     * @param values in their order; of several names for a number the first one is printed
     */
    EnumType(String fullName, Map<String, Integer> values) {
        this.fullName = fullName;
        this.numbers = Map.copyOf(values);
        Map<Integer, String> first = new HashMap<>();
        values.forEach((name, number) -> first.putIfAbsent(number, name));
        this.names = Map.copyOf(first);
    }

    /** As type URLs in errors have it. */
    public String typeUrl() {
        return Schema.TYPE_URL_PREFIX + fullName;
    }

    public @Nullable Integer number(String name) {
        return numbers.get(name);
    }

    public @Nullable String name(int number) {
        return names.get(number);
    }

    /** Whether it is {@code google.protobuf.NullValue}, JSON's null. */
    public boolean isNull() {
        return fullName.equals("google.protobuf.NullValue");
    }
}
