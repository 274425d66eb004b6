package dev.attache.config.extension;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * State that configurations share and that outlives each of them: a bucket of tokens that several
 * listeners draw from, a set of keys that was fetched. One for the process; any thread.
 *
 * <p>A factory asks for the slot of its type and key while it compiles, at no cost and without a
 * duty to give it back. What serves holds the value by leases: taken where a filter is opened on a
 * worker, closed where that ends, which is after its last connection and the drain time. A new
 * version of a listener takes its leases before those of the old one drain, and so finds the same
 * value; when the last lease is closed, the value goes, and whoever comes later begins with a new
 * one.
 */
public final class SharedState {

    private record Name(Class<?> type, Object key) {}

    /** A slot that nobody refers to any more has neither leases nor a compiled user. */
    private static final class Entry extends WeakReference<SharedSlot<?>> {
        final Name name;

        Entry(Name name, SharedSlot<?> slot, ReferenceQueue<SharedSlot<?>> gone) {
            super(slot, gone);
            this.name = name;
        }
    }

    private final Map<Name, Entry> slots = new HashMap<>();
    private final Map<Class<?>, Object> lasting = new HashMap<>();
    private final ReferenceQueue<SharedSlot<?>> gone = new ReferenceQueue<>();

    /**
     * The slot of a type and a key: the same for all who ask, as long as one of them keeps it.
     *
     * @param key with {@code equals} and {@code hashCode}, immutable
     * @param maker makes the value for the first lease, under the slot's lock; who asks for one key
     *     must mean one maker. A value that is {@link AutoCloseable} is closed when it goes
     */
    public synchronized <T> SharedSlot<T> slot(Class<T> type, Object key, Supplier<T> maker) {
        forgetGone();
        Name name = new Name(type, key);
        Entry known = slots.get(name);
        SharedSlot<?> slot = known == null ? null : known.get();
        if (slot != null) {
            return slot.of(type);
        }
        SharedSlot<T> fresh = new SharedSlot<>(type, maker);
        slots.put(name, new Entry(name, fresh, gone));
        return fresh;
    }

    /**
     * The one value of a type, for as long as this is there: what the process provides, or what
     * {@code maker} makes for whoever asks first.
     */
    public synchronized <T> T forLife(Class<T> type, Supplier<T> maker) {
        return type.cast(lasting.computeIfAbsent(type, any -> maker.get()));
    }

    /** Provides such a value, before anybody asks. */
    public synchronized <T> void provide(Class<T> type, T value) {
        lasting.put(type, value);
    }

    /**
     * What the process provides.
     *
     * @throws IllegalStateException if it does not: nothing serves in such a process
     */
    public synchronized <T> T provided(Class<T> type) {
        Object value = lasting.get(type);
        if (value == null) {
            throw new IllegalStateException("nothing provides " + type.getName());
        }
        return type.cast(value);
    }

    /** Lets go of the names of slots that nobody refers to; asking for a slot does so too. */
    public synchronized void forgetUnused() {
        forgetGone();
    }

    private void forgetGone() {
        for (Reference<?> ref = gone.poll(); ref != null; ref = gone.poll()) {
            if (ref instanceof Entry entry) {
                slots.remove(entry.name, entry);
            }
        }
    }

    /** How many slots somebody still refers to; for tests. */
    synchronized int size() {
        forgetGone();
        return slots.size();
    }

    /** For tests: the value that is held now, or null. */
    synchronized @Nullable Object held(Class<?> type, Object key) {
        Entry known = slots.get(new Name(type, key));
        SharedSlot<?> slot = known == null ? null : known.get();
        return slot == null ? null : slot.held();
    }
}
