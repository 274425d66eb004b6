package dev.attache.proxy.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a body that wait to go on, in order. What waits costs about its size: small pieces are
 * copied together instead of keeping a buffer, and what they were cut from, each. Owned by one
 * stream, loop-confined. Holds nothing and costs nothing but itself while pieces pass through
 * without waiting.
 */
public final class PieceQueue {

    /** Up to this a piece is copied, in bytes. */
    private static final int SMALL = 2048;

    private static final int TAIL = 4096;

    /** What a queued buffer takes beside its bytes. */
    private static final int PRICE = 128;

    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
    private long bytes;

    /** The last of the pieces where it is a buffer of our own with room in it. */
    private @Nullable ByteBuf tail;

    private @Nullable MemoryAccount payer;
    private long charged;
    private long heapCharged;

    /** How many wait. */
    public long bytes() {
        return bytes;
    }

    /** Takes ownership. */
    public void add(ByteBuf piece) {
        int length = piece.readableBytes();
        if (length == 0) {
            piece.release();
            return;
        }
        bytes += length;
        ByteBuf open = tail;
        if (open != null && length <= SMALL && open.writableBytes() >= length) {
            open.writeBytes(piece);
            piece.release();
            return;
        }
        tail = null;
        pieces.add(piece);
    }

    /**
     * What has been added last did not go on at once: it is charged to {@code account}, and copied
     * if it is small.
     */
    public void settle(MemoryAccount account, ByteBufAllocator allocator) {
        ByteBuf last = pieces.peekLast();
        if (last != null && last != tail && last.readableBytes() <= SMALL) {
            ByteBuf own = DirectMemory.buffer(allocator, TAIL);
            if (own != null) {
                own.writeBytes(last);
                last.release();
                pieces.removeLast();
                pieces.add(own);
                tail = own;
            }
        }
        if (payer != account) {
            chargeTo(account);
        }
        charge();
    }

    /** Who pays from now on. */
    public void chargeTo(MemoryAccount account) {
        MemoryAccount before = payer;
        if (before != null) {
            before.direct(-charged);
            before.heap(-heapCharged);
        }
        account.direct(charged);
        account.heap(heapCharged);
        payer = account;
    }

    private void charge() {
        MemoryAccount account = payer;
        if (account == null) {
            return;
        }
        long room = tail == null ? 0 : tail.writableBytes();
        long now = bytes + room;
        long objects = (long) PRICE * pieces.size();
        if (now != charged) {
            account.direct(now - charged);
            charged = now;
        }
        if (objects != heapCharged) {
            account.heap(objects - heapCharged);
            heapCharged = objects;
        }
    }

    /**
     * Takes up to {@code limit} bytes from the front, at most one piece.
     *
     * @return what the caller owns; there must be something
     */
    public ByteBuf take(int limit) {
        ByteBuf first = pieces.element();
        int length = Math.min(first.readableBytes(), limit);
        ByteBuf taken;
        if (length == first.readableBytes()) {
            pieces.remove();
            if (first == tail) {
                tail = null;
            }
            taken = first;
        } else {
            taken = first.readRetainedSlice(length);
        }
        bytes -= length;
        if (charged != 0) {
            charge();
        }
        return taken;
    }

    /** Gives everything up. */
    public void release() {
        for (ByteBuf piece; (piece = pieces.poll()) != null; ) {
            piece.release();
        }
        tail = null;
        bytes = 0;
        charge();
    }
}
