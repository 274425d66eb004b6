package dev.attache.agent.status.probe;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object of the variable's JSON. */
record ProbeSettings(@Nullable Object object) {

    @Nullable ProbeSettings member(String name) {
        Object value = value(name);
        return value instanceof Map<?, ?> ? new ProbeSettings(value) : null;
    }

    String text(String name, String otherwise) {
        return value(name) instanceof String text ? text : otherwise;
    }

    int number(String name, int otherwise) {
        return value(name) instanceof Number number ? number.intValue() : otherwise;
    }

    private @Nullable Object value(String name) {
        return object instanceof Map<?, ?> map ? map.get(name) : null;
    }
}
