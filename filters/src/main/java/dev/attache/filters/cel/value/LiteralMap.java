package dev.attache.filters.cel.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that an expression makes. A number finds a key of its own type first, then one of another
 * type that is worth the same.
 */
public final class LiteralMap implements CelMap {
    private final Map<Object, Object> values = new LinkedHashMap<>();
    private final List<Object> keys = new ArrayList<>();

    /** Whether a value can be a key. */
    public static boolean isKey(Object value) {
        return value instanceof String
                || value instanceof Long
                || value instanceof Uint
                || value instanceof Boolean;
    }

    /** Adds an entry; false where the key is there already. */
    public boolean add(Object key, Object value) {
        if (values.putIfAbsent(key, value) != null) {
            return false;
        }
        keys.add(key);
        return true;
    }

    @Override
    public @Nullable Object get(Object key) {
        return switch (key) {
            case String text -> values.get(text);
            case Boolean flag -> values.get(flag);
            case Long number -> ofNumber(number);
            case Uint number -> ofNumber(number);
            case Double number -> ofNumber(number);
            default -> Fault.FAULT;
        };
    }

    private @Nullable Object ofNumber(Object number) {
        Object own = values.get(number);
        if (own != null) {
            return own;
        }
        Object normal = Numbers.key(number);
        Object found = values.get(normal);
        return found == null && normal instanceof Long worth && worth >= 0
                ? values.get(new Uint(worth))
                : found;
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public List<Object> keys() {
        return keys;
    }
}
