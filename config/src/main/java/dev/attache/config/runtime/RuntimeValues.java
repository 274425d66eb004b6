package dev.attache.config.runtime;

import java.util.Map;
import java.util.Optional;

/**
 * Runtime as it is when a resource is compiled: the merged layers, flat, by key. Immutable.
 *
 * @param values text, number or boolean by dotted key
 */
public record RuntimeValues(Map<String, Object> values) {
    public static final RuntimeValues EMPTY = new RuntimeValues(Map.of());

    public RuntimeValues {
        values = Map.copyOf(values);
    }

    /** A boolean feature; the default if the key is absent or not a boolean. */
    public boolean flag(String key, boolean otherwise) {
        return values.get(key) instanceof Boolean flag ? flag : otherwise;
    }

    /** An integer; numeric text counts, as Envoy takes it. */
    public Optional<Long> integer(String key) {
        Object value = values.get(key);
        if (value instanceof Number number) {
            return Optional.of(number.longValue());
        }
        return value instanceof String text && text.matches("-?[0-9]{1,18}")
                ? Optional.of(Long.valueOf(text))
                : Optional.empty();
    }

    /** A fraction: an integer means percent. */
    public Optional<Fraction> fraction(String key) {
        return key.isEmpty()
                ? Optional.empty()
                : integer(key).map(n -> new Fraction((int) Math.clamp(n, 0, 100), 100));
    }
}
