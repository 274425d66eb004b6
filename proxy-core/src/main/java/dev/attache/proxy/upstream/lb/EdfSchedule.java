package dev.attache.proxy.upstream.lb;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Earliest deadline first: each entry is due again {@code 1 / weight} after its last turn, ties in
 * order of insertion. Gives weighted round robin with any positive weights in O(log n), and follows
 * weights that change from turn to turn. A binary heap over arrays; a turn allocates nothing.
 */
final class EdfSchedule<T> {

    private final Object[] entries;
    private final double[] deadlines;
    private final long[] orders;
    private double now;
    private long order;

    /**
     * @param turns taken ahead, so that not every worker begins at the same entry
     */
    EdfSchedule(List<T> all, ToDoubleFunction<? super T> weight, int turns) {
        entries = new Object[all.size()];
        deadlines = new double[all.size()];
        orders = new long[all.size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = all.get(i);
            deadlines[i] = 1 / weight.applyAsDouble(all.get(i));
            orders[i] = order++;
        }
        for (int i = entries.length / 2 - 1; i >= 0; i--) {
            sink(i);
        }
        for (int i = 0; i < turns; i++) {
            next(weight);
        }
    }

    /** The entry whose turn it is; its next turn follows its weight as it is now. */
    @SuppressWarnings("unchecked")
    T next(ToDoubleFunction<? super T> weight) {
        T due = (T) entries[0];
        now = deadlines[0];
        deadlines[0] = now + 1 / weight.applyAsDouble(due);
        orders[0] = order++;
        sink(0);
        return due;
    }

    /** All of them, in no order. */
    @SuppressWarnings("unchecked")
    List<T> entries() {
        List<T> all = new ArrayList<>(entries.length);
        for (Object entry : entries) {
            all.add((T) entry);
        }
        return all;
    }

    private boolean before(int a, int b) {
        return deadlines[a] < deadlines[b]
                || (deadlines[a] == deadlines[b] && orders[a] < orders[b]);
    }

    private void sink(int from) {
        int i = from;
        while (true) {
            int child = 2 * i + 1;
            if (child >= entries.length) {
                return;
            }
            if (child + 1 < entries.length && before(child + 1, child)) {
                child++;
            }
            if (!before(child, i)) {
                return;
            }
            swap(i, child);
            i = child;
        }
    }

    private void swap(int a, int b) {
        Object entry = entries[a];
        entries[a] = entries[b];
        entries[b] = entry;
        double deadline = deadlines[a];
        deadlines[a] = deadlines[b];
        deadlines[b] = deadline;
        long turn = orders[a];
        orders[a] = orders[b];
        orders[b] = turn;
    }
}
