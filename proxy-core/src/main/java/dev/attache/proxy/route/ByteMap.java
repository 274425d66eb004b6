package dev.attache.proxy.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A hash map from byte strings that is asked with a slice of an array. Filled once, then read. */
final class ByteMap<V> {

    private final byte[] @Nullable [] keys;
    private final @Nullable Object[] values;
    private final int mask;

    ByteMap(int size) {
        int capacity = Integer.highestOneBit(Math.max(4, size * 2)) << 1;
        this.keys = new byte[capacity] @Nullable [];
        this.values = new @Nullable Object[capacity];
        this.mask = capacity - 1;
    }

    /** For a key that is not there yet. */
    void put(byte[] key, V value) {
        int slot = hash(key, 0, key.length) & mask;
        while (keys[slot] != null) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        values[slot] = value;
    }

    /** Whether the key was not there yet; if it was, it keeps its value. */
    boolean putIfAbsent(byte[] key, V value) {
        if (get(key, 0, key.length) != null) {
            return false;
        }
        put(key, value);
        return true;
    }

    @SuppressWarnings("unchecked") // Only put() writes values.
    @Nullable V get(byte[] text, int start, int length) {
        int slot = hash(text, start, length) & mask;
        byte[] key;
        while ((key = keys[slot]) != null) {
            if (key.length == length
                    && Arrays.equals(key, 0, length, text, start, start + length)) {
                return (V) values[slot];
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    private static int hash(byte[] text, int start, int length) {
        int hash = 0x811c9dc5;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ (text[start + i] & 0xff)) * 0x01000193;
        }
        return hash ^ (hash >>> 15);
    }
}
