package dev.attache.proxy.memory;

import org.jspecify.annotations.Nullable;

/**
 * What a worker holds in memory for its peers, charged to {@linkplain MemoryAccount accounts}
 * against the {@link MemoryBudget}. Owned by the worker, loop-confined.
 */
public final class WorkerMemory {

    /** Envoy's number of classes of accounts, each up to twice the one before. */
    private static final int CLASSES = 8;

    /** Envoy's limit to how many streams one call resets. */
    private static final int RESETS_PER_CALL = 50;

    private final MemoryBudget budget;
    private final Ledger heap = new Ledger();
    private final Ledger direct = new Ledger();
    private int accounts;

    public WorkerMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    /** A new account; its owner closes it. */
    public MemoryAccount open(MemoryHolder holder) {
        accounts++;
        return new MemoryAccount(this, holder);
    }

    void heap(Held one, long delta) {
        heap.add(one, delta);
    }

    void direct(Held one, long delta) {
        direct.add(one, delta);
    }

    void closed(Held ofHeap, Held ofDirect) {
        accounts--;
        heap.unlist(ofHeap);
        direct.unlist(ofDirect);
    }

    void condemn(Held ofHeap, Held ofDirect) {
        heap.condemn(ofHeap);
        direct.condemn(ofDirect);
    }

    /** Bytes of heap held for peers. */
    public long heapHeld() {
        return heap.held();
    }

    /** Bytes of direct memory held for peers. */
    public long directHeld() {
        return direct.held();
    }

    /** Open accounts. */
    public int accounts() {
        return accounts;
    }

    public MemoryBudget budget() {
        return budget;
    }

    /**
     * Resets the streams that hold most, as Envoy's overload action {@code
     * reset_high_memory_stream} does: accounts stand in eight classes, the lowest from {@code
     * 2^minimumPower} bytes on; the higher the pressure, the more classes are cleared, from the
     * highest down, in one call at most 50 streams.
     *
     * @param pressure the action's value, 0 to 1
     * @param minimumPower {@code minimum_account_to_track_power_of_two}
     * @return how many streams were reset
     */
    public int resetHeaviest(double pressure, int minimumPower) {
        int cleared = Math.min((int) (pressure * CLASSES) + 1, CLASSES);
        int power = minimumPower + CLASSES - cleared;
        int reset = 0;
        while (reset < RESETS_PER_CALL) {
            Held next = heavier(heap.heaviest(power), direct.heaviest(power));
            if (next == null) {
                break;
            }
            next.account.shed();
            reset++;
        }
        return reset;
    }

    private static @Nullable Held heavier(@Nullable Held one, @Nullable Held other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.power > one.power ? other : one;
    }
}
