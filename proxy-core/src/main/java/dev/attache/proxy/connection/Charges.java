package dev.attache.proxy.connection;

import dev.attache.proxy.memory.MemoryAccount;

/** What one connection holds in memory, in bytes, and who pays for it. Loop-confined. */
final class Charges {

    private MemoryAccount account;

    /** In the channel's queue, and in the open buffer behind it. */
    private long queued;

    private int heapHeld;
    private int directHeld;

    Charges(MemoryAccount account) {
        this.account = account;
    }

    MemoryAccount account() {
        return account;
    }

    /** Another pays from now on. */
    void moveTo(MemoryAccount payer) {
        if (payer != account) {
            account.direct(-queued - directHeld);
            account.heap(-heapHeld);
            payer.direct(queued + directHeld);
            payer.heap(heapHeld);
            account = payer;
        }
    }

    void heap(int delta) {
        heapHeld += delta;
        account.heap(delta);
    }

    void direct(int delta) {
        directHeld += delta;
        account.direct(delta);
    }

    /** So much waits to be written. */
    void queued(long bytes) {
        if (bytes != queued) {
            account.direct(bytes - queued);
            queued = bytes;
        }
    }

    /** The connection has ended. */
    void releaseAll() {
        queued(0);
        heap(-heapHeld);
        direct(-directHeld);
    }
}
