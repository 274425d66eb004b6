package dev.attache.proxy.memory;

import org.jspecify.annotations.Nullable;

/** What one account holds of one resource; an element of the {@link Ledger}'s lists. */
final class Held {

    final MemoryAccount account;
    long bytes;

    /** Its list in the ledger: the power of two that {@link #bytes} reaches; -1 in none. */
    int power = -1;

    /** Its holder has been told to end; what it still has counts as given back. */
    boolean condemned;

    @Nullable Held previous;
    @Nullable Held next;

    Held(MemoryAccount account) {
        this.account = account;
    }
}
