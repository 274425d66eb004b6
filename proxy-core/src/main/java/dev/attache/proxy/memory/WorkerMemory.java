package dev.attache.proxy.memory;

import dev.attache.proxy.memory.ShedListener.Resource;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a worker holds in memory for its peers, charged to {@linkplain MemoryAccount accounts}
 * against the {@link MemoryBudget}. Owned by the worker, loop-confined.
 *
 * <p>It sheds by itself, whether or not an overload manager is configured: from three quarters of
 * the budget on, requests that hold much are {@linkplain #refuses refused}; where the budget is
 * used up, {@link #relieve} ends those who hold most, and among equals those who have held it for
 * longest. Charging itself ends nobody, so it may happen anywhere.
 */
public final class WorkerMemory {

    /** Envoy's number of classes of accounts, each up to twice the one before. */
    private static final int CLASSES = 8;

    /** Envoy's limit to how many streams one call resets. */
    private static final int RESETS_PER_CALL = 50;

    private static final int HIGHEST_POWER = Long.SIZE - 2;

    /** A request that holds less is no burden to anybody, in bytes. */
    private static final long SMALL = 16 * 1024;

    private final MemoryBudget budget;
    private final ShedListener listener;
    private final Ledger heap = new Ledger();
    private final Ledger direct = new Ledger();
    private final MemoryAccount shared = new MemoryAccount(this, () -> {});
    private int accounts;
    private boolean directUsedUp;

    /** Tells nobody when it sheds. */
    public WorkerMemory(MemoryBudget budget) {
        this(budget, ShedListener.NONE);
    }

    public WorkerMemory(MemoryBudget budget, ShedListener listener) {
        this.budget = budget;
        this.listener = listener;
        shared.close();
        accounts = 0;
    }

    /** A new account; its owner closes it. */
    public MemoryAccount open(MemoryHolder holder) {
        accounts++;
        return new MemoryAccount(this, holder);
    }

    /** Of what belongs to no downstream connection, e.g. idle upstream ones: nobody is shed. */
    public MemoryAccount shared() {
        return shared;
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
     * Whether a request is to be refused for what its connection or stream holds: memory becomes
     * scarce, and it is among those who hold much. Half of what they hold on average is much: a
     * request has only its head when this is asked, and holds more once it is under way.
     */
    public boolean refuses(MemoryAccount account) {
        return refuses(heap, budget.heap(), account.heapHeld())
                || refuses(direct, budget.direct(), account.directHeld());
    }

    private boolean refuses(Ledger ledger, long limit, long held) {
        return held > SMALL
                && ledger.lasting() > limit - limit / 4
                && 2 * held >= ledger.lasting() / Math.max(1, accounts);
    }

    /**
     * Ends those who hold most where more is held than the budget allows. To be called where bytes
     * of a connection come in, before they are handled.
     */
    public void relieve() {
        if (heap.lasting() > budget.heap()) {
            shed(heap, budget.heap(), Resource.HEAP);
        }
        if (direct.lasting() > budget.direct()) {
            shed(direct, budget.direct(), Resource.DIRECT);
        } else if (directUsedUp) {
            // Less is left than the budget supposes: a quarter of what is held goes.
            directUsedUp = false;
            shed(direct, direct.lasting() / 8 * 7, Resource.DIRECT);
        }
    }

    /** A buffer was not to be had, and who needed it ends. */
    public void noDirectMemory() {
        directUsedUp = true;
        listener.noDirectMemory();
    }

    /** Down to seven eighths, so that not every byte that follows costs the next one. */
    private void shed(Ledger ledger, long limit, Resource what) {
        long before = ledger.lasting();
        int holders = 0;
        while (ledger.lasting() > limit - limit / 8) {
            Held next = ledger.heaviest(0);
            if (next == null) {
                break;
            }
            next.account.shed();
            holders++;
        }
        if (holders > 0) {
            listener.shed(what, holders, before - ledger.lasting(), limit);
        }
    }

    /**
     * Resets the streams that hold most, as Envoy's overload action {@code
     * reset_high_memory_stream} does: their accounts stand in eight classes, the lowest from {@code
     * 2^minimumPower} bytes on; the higher the pressure, the more classes are cleared, from the
     * highest down, in one call at most 50 streams. Connections that are not divided into streams
     * (HTTP/1, TCP) are left alone, as by Envoy.
     *
     * @param pressure the action's value, 0 to 1
     * @param minimumPower {@code minimum_account_to_track_power_of_two}
     * @return how many streams were reset
     */
    public int resetHeaviest(double pressure, int minimumPower) {
        int cleared = Math.min((int) (pressure * CLASSES) + 1, CLASSES);
        int power = minimumPower + CLASSES - cleared;
        Set<MemoryAccount> heaviest = new LinkedHashSet<>();
        for (int each = HIGHEST_POWER; each >= power; each--) {
            heap.streams(each, RESETS_PER_CALL, heaviest);
            direct.streams(each, RESETS_PER_CALL, heaviest);
        }
        heaviest.forEach(MemoryAccount::shed);
        return heaviest.size();
    }
}
