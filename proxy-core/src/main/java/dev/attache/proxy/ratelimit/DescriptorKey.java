package dev.attache.proxy.ratelimit;

import java.util.Arrays;
import java.util.List;

/**
 * The entries of a descriptor, each a key and a value, in order; finds buckets in tables.
 * Immutable.
 */
public final class DescriptorKey {

    /** Key, value, key, value. */
    private final String[] texts;

    private final int hash;

    /**
     * @param texts keys and values in turn
     */
    private DescriptorKey(String[] texts) {
        this.texts = texts;
        this.hash = Arrays.hashCode(texts);
    }

    /**
     * @param texts keys and values in turn
     */
    public static DescriptorKey of(List<String> texts) {
        return new DescriptorKey(texts.toArray(String[]::new));
    }

    /** How many entries. */
    public int size() {
        return texts.length / 2;
    }

    public String key(int entry) {
        return texts[2 * entry];
    }

    public String value(int entry) {
        return texts[2 * entry + 1];
    }

    /** Whether a value is empty, which stands for any in a configured descriptor. */
    boolean hasWildcard() {
        for (int i = 0; i < size(); i++) {
            if (value(i).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code request} has the same keys, and the values that are not empty here. */
    boolean covers(DescriptorKey request) {
        if (texts.length != request.texts.length) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (!key(i).equals(request.key(i))
                    || !value(i).isEmpty() && !value(i).equals(request.value(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DescriptorKey key
                && hash == key.hash
                && Arrays.equals(texts, key.texts);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** As Envoy writes it: {@code a=1, b=2}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size(); i++) {
            text.append(i == 0 ? "" : ", ").append(key(i)).append('=').append(value(i));
        }
        return text.toString();
    }
}
