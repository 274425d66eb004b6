package dev.attache.filters.http.ext_proc;

import dev.attache.proxy.memory.MemoryAccount;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a body that the processor has been sent a copy of, in the order in which it answers.
 * Owned by one side of one stream, loop-confined.
 */
final class ChunkQueue {

    /** What a piece takes beside its bytes. */
    private static final int PRICE = 128;

    /** Pieces may take as much beside their bytes, however low the limit is. */
    private static final long LEAST_LIMIT = 64 * 1024;

    /**
     * A piece.
     *
     * @param end the last one of its message
     */
    record Chunk(ByteBuf data, boolean end) {}

    private final MemoryAccount payer;
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>(4);
    private long size;

    ChunkQueue(MemoryAccount payer) {
        this.payer = payer;
    }

    /**
     * Whether more waits than it should.
     *
     * @param limit in bytes, of bodies or of what many small pieces take beside them
     */
    boolean isOver(long limit) {
        return size > limit || (long) PRICE * chunks.size() > Math.max(limit, LEAST_LIMIT);
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** Whether the first piece is the last of its message. */
    boolean firstIsLast() {
        Chunk first = chunks.peekFirst();
        return first != null && first.end;
    }

    /** Takes ownership. */
    void add(ByteBuf data, boolean end) {
        int length = data.readableBytes();
        chunks.addLast(new Chunk(data, end));
        size += length;
        payer.direct(length);
        payer.heap(PRICE);
    }

    /** The first piece, for the caller to own; null where there is none. */
    @Nullable Chunk poll() {
        Chunk first = chunks.pollFirst();
        if (first != null) {
            int length = first.data.readableBytes();
            size -= length;
            payer.direct(-length);
            payer.heap(-PRICE);
        }
        return first;
    }

    /** All pieces become one, which stays. */
    @Nullable Chunk merge() {
        if (chunks.size() > 1) {
            CompositeByteBuf all = Unpooled.compositeBuffer(Math.max(16, chunks.size()));
            boolean end = false;
            for (Chunk next = poll(); next != null; next = poll()) {
                all.addComponent(true, next.data);
                end = next.end;
            }
            add(all, end);
        }
        return chunks.peekFirst();
    }

    void release() {
        for (Chunk next = poll(); next != null; next = poll()) {
            next.data.release();
        }
    }
}
