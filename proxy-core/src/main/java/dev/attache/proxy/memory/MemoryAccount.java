package dev.attache.proxy.memory;

/**
 * What one downstream connection or stream holds, in bytes of heap and of direct memory. Opened by
 * {@link WorkerMemory#open}, closed by whoever opened it. Bytes may be given back after the close:
 * what an upstream connection still has to send outlives the request; until then they count for the
 * worker, and nobody can be reset for them. Loop-confined.
 */
public final class MemoryAccount {

    private final WorkerMemory memory;
    private MemoryHolder holder;
    private final Held heap = new Held(this);
    private final Held direct = new Held(this);
    private boolean closed;

    MemoryAccount(WorkerMemory memory, MemoryHolder holder) {
        this.memory = memory;
        this.holder = holder;
    }

    /** From now on another one is ended when memory is short: who it was knows what it became. */
    public void holder(MemoryHolder next) {
        holder = next;
    }

    /** Takes {@code delta} bytes of heap more, or gives back where it is negative. */
    public void heap(long delta) {
        memory.heap(heap, delta);
    }

    /** Takes {@code delta} bytes of direct memory more, or gives back where it is negative. */
    public void direct(long delta) {
        memory.direct(direct, delta);
    }

    /** Bytes of heap. */
    public long heapHeld() {
        return heap.bytes;
    }

    /** Bytes of direct memory. */
    public long directHeld() {
        return direct.bytes;
    }

    public WorkerMemory memory() {
        return memory;
    }

    boolean ofStream() {
        return holder.isStream();
    }

    boolean closed() {
        return closed;
    }

    /** Its holder has ended; idempotent. */
    public void close() {
        if (!closed) {
            closed = true;
            memory.closed(heap, direct);
        }
    }

    /** Ends the holder; the account counts as empty from now on. */
    void shed() {
        memory.condemn(heap, direct);
        holder.shed();
    }
}
