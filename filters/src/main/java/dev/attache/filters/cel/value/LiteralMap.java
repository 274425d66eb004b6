package dev.attache.filters.cel.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map that an expression makes. Numbers of any type that are equal are the same key. */
public final class LiteralMap implements CelMap {
    private final Map<Object, Object> values = new LinkedHashMap<>();
    private final List<Object> keys = new ArrayList<>();

    /** Adds an entry; false where the key is there already, or can be none. */
    public boolean add(Object key, Object value) {
        boolean may =
                key instanceof String
                        || key instanceof Long
                        || key instanceof Uint
                        || key instanceof Boolean;
        if (!may || values.putIfAbsent(Numbers.key(key), value) != null) {
            return false;
        }
        keys.add(key);
        return true;
    }

    @Override
    public @Nullable Object get(Object key) {
        Object normal = Numbers.key(key);
        boolean may =
                normal instanceof String
                        || normal instanceof Long
                        || normal instanceof Uint
                        || normal instanceof Boolean
                        || normal instanceof Double;
        return may ? values.get(normal) : Fault.FAULT;
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
