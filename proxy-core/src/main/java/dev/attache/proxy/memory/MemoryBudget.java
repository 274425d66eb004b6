package dev.attache.proxy.memory;

/**
 * How much each worker may hold for its peers, in bytes of heap and of direct memory. Shared by the
 * workers; the heap's part may be set anew at any time, from any thread.
 */
public final class MemoryBudget {

    /** For loops that serve nobody. */
    public static final MemoryBudget UNLIMITED = new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE);

    private volatile long heap;
    private final long direct;

    /** Of one worker. */
    public MemoryBudget(long heap, long direct) {
        this.heap = heap;
        this.direct = direct;
    }

    /** Bytes of heap that one worker may hold for peers. */
    public long heap() {
        return heap;
    }

    /** Bytes of direct memory that one worker may hold for peers. */
    public long direct() {
        return direct;
    }

    /** What is left for peers has changed, e.g. because the configuration has grown. */
    public void heap(long ofOneWorker) {
        heap = ofOneWorker;
    }
}
