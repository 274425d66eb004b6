package dev.attache.filters.istio.stats;

import org.jspecify.annotations.Nullable;

/**
 * The series of one chain on one worker by all their values. To find one that is there allocates
 * nothing. Bounded in number and in text: when it is full it begins anew, as series are found again
 * by their names. Loop-confined.
 */
final class SeriesTable {
    static final int MOST_KEPT = 8192;

    /** Characters of their values together. */
    static final long MOST_TEXT = 1L << 23;

    private static final int FIRST_SIZE = 64;

    private final int customMetrics;
    private @Nullable Series[] slots = new @Nullable Series[FIRST_SIZE];
    private int size;
    private long text;

    /** The one that was found last: most streams are as the one before. */
    private @Nullable Series last;

    SeriesTable(int customMetrics) {
        this.customMetrics = customMetrics;
    }

    /**
     * @param values not kept
     */
    Series find(@Nullable String[] values) {
        Series before = last;
        if (before != null && before.is(values)) {
            return before;
        }
        int hash = hash(values);
        Series known = slots[place(slots, hash, values)];
        Series found = known != null ? known : add(hash, values);
        last = found;
        return found;
    }

    private Series add(int hash, @Nullable String[] values) {
        long more = text(values);
        if (size >= MOST_KEPT || size > 0 && text + more > MOST_TEXT) {
            clear();
        } else if (2 * (size + 1) > slots.length) {
            grow();
        }
        Series made = new Series(hash, values.clone(), customMetrics);
        slots[place(slots, hash, values)] = made;
        size++;
        text += more;
        return made;
    }

    private static long text(@Nullable String[] values) {
        long length = 0;
        for (String value : values) {
            length += value == null ? 0 : value.length();
        }
        return length;
    }

    private void grow() {
        @Nullable Series[] larger = new @Nullable Series[2 * slots.length];
        for (Series series : slots) {
            if (series != null) {
                int at = series.hash & (larger.length - 1);
                while (larger[at] != null) {
                    at = (at + 1) & (larger.length - 1);
                }
                larger[at] = series;
            }
        }
        slots = larger;
    }

    void clear() {
        slots = new @Nullable Series[FIRST_SIZE];
        last = null;
        size = 0;
        text = 0;
    }

    int size() {
        return size;
    }

    private static int place(@Nullable Series[] slots, int hash, @Nullable String[] values) {
        int at = hash & (slots.length - 1);
        while (true) {
            Series there = slots[at];
            if (there == null || there.hash == hash && there.is(values)) {
                return at;
            }
            at = (at + 1) & (slots.length - 1);
        }
    }

    private static int hash(@Nullable String[] values) {
        int hash = 1;
        for (String value : values) {
            hash = 31 * hash + (value == null ? 0 : value.hashCode());
        }
        return hash ^ hash >>> 16;
    }
}
