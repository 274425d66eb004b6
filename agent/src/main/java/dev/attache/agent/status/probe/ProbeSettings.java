package dev.attache.agent.status.probe;

import dev.attache.agent.document.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of the variable's JSON. What is of another type than it should be is refused, naming
 * it.
 */
record ProbeSettings(@Nullable Object object) {

    @Nullable ProbeSettings member(String name) {
        Object value = value(name);
        if (value == null || value instanceof Map) {
            return value == null ? null : new ProbeSettings(value);
        }
        throw wrong(name, value, "an object");
    }

    String text(String name) {
        Object value = value(name);
        if (value == null || value instanceof String) {
            return value == null ? "" : (String) value;
        }
        throw wrong(name, value, "text");
    }

    boolean isText(String name) {
        return value(name) instanceof String;
    }

    /** 0 where nothing is said. */
    int number(String name) {
        Object value = value(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw wrong(name, value, "a whole number");
    }

    private static IllegalArgumentException wrong(String name, Object value, String wanted) {
        return new IllegalArgumentException(
                "failed to decode app prober err = %s is %s, not %s"
                        .formatted(name, Json.print(value), wanted));
    }

    private @Nullable Object value(String name) {
        Object value = object instanceof Map<?, ?> map ? map.get(name) : null;
        return value == Json.NULL ? null : value;
    }
}
