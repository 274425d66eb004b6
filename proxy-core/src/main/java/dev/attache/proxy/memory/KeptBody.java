package dev.attache.proxy.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a body that somebody keeps to have them as one buffer later. Small ones are copied
 * together, so that what is kept costs about its size. Owned by one stream, loop-confined.
 */
public final class KeptBody {

    private static final int SMALL = 2048;
    private static final int TAIL = 4096;

    /** What a component of a composite buffer takes beside its bytes. */
    private static final int PRICE = 192;

    private final MemoryAccount payer;
    private final ByteBufAllocator allocator;
    private @Nullable CompositeByteBuf pieces;

    /** The end of the body: a buffer of our own with room in it. */
    private @Nullable ByteBuf tail;

    private long charged;
    private int heapCharged;

    public KeptBody(MemoryAccount payer, ByteBufAllocator allocator) {
        this.payer = payer;
        this.allocator = allocator;
    }

    /** Bytes kept. */
    public long size() {
        return (pieces == null ? 0 : pieces.readableBytes())
                + (tail == null ? 0L : tail.readableBytes());
    }

    /** Takes ownership. */
    public void add(ByteBuf piece) {
        int length = piece.readableBytes();
        ByteBuf open = length <= SMALL ? roomFor(length) : null;
        if (open != null) {
            open.writeBytes(piece);
            piece.release();
        } else {
            closeTail();
            append(piece);
        }
        charge();
    }

    private @Nullable ByteBuf roomFor(int length) {
        ByteBuf open = tail;
        if (open == null || open.writableBytes() < length) {
            closeTail();
            open = DirectMemory.buffer(allocator, TAIL);
            tail = open;
        }
        return open;
    }

    private void closeTail() {
        ByteBuf end = tail;
        if (end != null) {
            tail = null;
            append(end);
        }
    }

    private void append(ByteBuf piece) {
        CompositeByteBuf all = pieces != null ? pieces : Unpooled.compositeBuffer(1024);
        pieces = all.addComponent(true, piece);
    }

    private void charge() {
        long now = size() + (tail == null ? 0 : tail.writableBytes());
        int objects = PRICE * ((pieces == null ? 0 : pieces.numComponents()) + 1);
        payer.direct(now - charged);
        payer.heap(objects - heapCharged);
        charged = now;
        heapCharged = objects;
    }

    private void discharge() {
        payer.direct(-charged);
        payer.heap(-heapCharged);
        charged = 0;
        heapCharged = 0;
    }

    /** Everything so far, for the caller to own; nothing is kept any more. */
    public ByteBuf take() {
        ByteBuf end = tail;
        CompositeByteBuf all = pieces;
        tail = null;
        pieces = null;
        discharge();
        if (all == null) {
            return end == null ? Unpooled.EMPTY_BUFFER : end;
        }
        return end == null ? all : all.addComponent(true, end);
    }

    /** Everything so far, for the caller to own, and kept all the same. */
    public ByteBuf copy() {
        closeTail();
        return pieces == null ? Unpooled.EMPTY_BUFFER : pieces.retainedSlice();
    }

    /** Gives everything up. */
    public void release() {
        take().release();
    }
}
