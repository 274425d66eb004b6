package dev.attache.filters.cel.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map of an expression, or what behaves as one. Read by one thread. */
public interface CelMap {

    /**
     * The value of a key.
     *
     * @return null where there is none, {@link Fault#FAULT} where it can be no key
     */
    @Nullable Object get(Object key);

    /** Whether a key is there: a Boolean, or {@link Fault#FAULT} where it can be none. */
    default Object holds(Object key) {
        Object found = get(key);
        return found == Fault.FAULT ? Fault.FAULT : (Object) (found != null);
    }

    int size();

    /** The keys, or null of what does not tell them: attributes of a request. */
    @Nullable List<Object> keys();
}
