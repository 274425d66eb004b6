package dev.attache.proxy.memory;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One resource of one worker: how much of it is held in all, and the holders in lists by the power
 * of two that they reach, in each the longest there first. Adding to a holder is a few additions;
 * it changes lists only when it passes a power of two.
 */
final class Ledger {

    /** Who holds less is in no list: there is nothing to gain. */
    private static final int SMALLEST = 10;

    private final @Nullable Held[] first = new @Nullable Held[Long.SIZE];
    private final @Nullable Held[] last = new @Nullable Held[Long.SIZE];
    private long occupied;
    private long held;
    private long condemned;

    /** Bytes that are held, and will be when all who were told to end have ended. */
    long lasting() {
        return held - condemned;
    }

    long held() {
        return held;
    }

    void add(Held one, long delta) {
        held += delta;
        long bytes = one.bytes + delta;
        one.bytes = bytes;
        if (one.condemned) {
            condemned += delta;
            return;
        }
        int power = bytes < 1L << SMALLEST ? -1 : 63 - Long.numberOfLeadingZeros(bytes);
        if (power != one.power && !one.account.closed()) {
            unlink(one);
            link(one, power);
        }
    }

    /** The holder is gone, or going: it is not to be found any more. */
    void unlist(Held one) {
        unlink(one);
    }

    void condemn(Held one) {
        unlink(one);
        if (!one.condemned) {
            one.condemned = true;
            condemned += one.bytes;
        }
    }

    /** Who has held more than {@code 2^power} bytes for longest, of the highest power. */
    @Nullable Held heaviest(int power) {
        int top = 63 - Long.numberOfLeadingZeros(occupied);
        return top < Math.max(power, 0) ? null : first[top];
    }

    /**
     * Adds streams that reach {@code 2^power} bytes and not twice that, as long as there is room.
     */
    void streams(int power, int room, Set<MemoryAccount> found) {
        for (Held one = first[power]; one != null && found.size() < room; one = one.next) {
            if (one.account.ofStream()) {
                found.add(one.account);
            }
        }
    }

    private void link(Held one, int power) {
        one.power = power;
        if (power < 0) {
            return;
        }
        Held before = last[power];
        one.previous = before;
        if (before == null) {
            first[power] = one;
            occupied |= 1L << power;
        } else {
            before.next = one;
        }
        last[power] = one;
    }

    private void unlink(Held one) {
        int power = one.power;
        if (power < 0) {
            return;
        }
        Held before = one.previous;
        Held after = one.next;
        if (before == null) {
            first[power] = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last[power] = before;
        } else {
            after.previous = before;
        }
        if (first[power] == null) {
            occupied &= ~(1L << power);
        }
        one.previous = null;
        one.next = null;
        one.power = -1;
    }
}
