package dev.attache.agent.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Header fields in their order; names are compared without case. Not thread-safe. */
public final class HttpFields {

    /** One field as it stands on the wire. */
    public record Field(String name, String value) {}

    private final List<Field> fields = new ArrayList<>();

    public static HttpFields of(String... namesAndValues) {
        HttpFields made = new HttpFields();
        for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
            made.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return made;
    }

    public HttpFields add(String name, String value) {
        fields.add(new Field(name, value));
        return this;
    }

    /** Replaces all fields of the name. */
    public HttpFields set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    public HttpFields remove(String name) {
        fields.removeIf(field -> field.name().equalsIgnoreCase(name));
        return this;
    }

    /** The first value, or null. */
    public @Nullable String get(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** The first value, or empty. */
    public String text(String name) {
        String value = get(name);
        return value == null ? "" : value;
    }

    public boolean has(String name) {
        return get(name) != null;
    }

    /** Whether the comma-separated values of the name have this one among them. */
    public boolean lists(String name, String element) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                for (String part : field.value().split(",", -1)) {
                    if (part.strip().toLowerCase(Locale.ROOT).equals(element)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    public List<Field> all() {
        return List.copyOf(fields);
    }
}
