package dev.attache.proxy.connection;

import dev.attache.proxy.memory.DirectMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Buffers in which connections of one loop put together what they write. One whose bytes the socket
 * has taken serves the next connection. Of the loop; a few are kept.
 */
final class SpareTails {

    private static final int SIZE = 4096;

    /** As many connections as seldom write in one turn of a loop. */
    private static final int KEPT = 16;

    private static final FastThreadLocal<SpareTails> OF_LOOP =
            new FastThreadLocal<>() {
                @Override
                protected SpareTails initialValue() {
                    return new SpareTails();
                }

                @Override
                protected void onRemoval(SpareTails spare) {
                    spare.release();
                }
            };

    private final ByteBuf[] spare = new ByteBuf[KEPT];
    private int count;

    private SpareTails() {}

    /** An empty buffer with room for so many bytes and more, for the caller to own. */
    static ByteBuf take(int room, ByteBufAllocator allocator) {
        SpareTails here = OF_LOOP.get();
        return room <= SIZE && here.count > 0
                ? here.spare[--here.count]
                : DirectMemory.bufferOrHeap(allocator, Math.max(room, SIZE));
    }

    /** Takes ownership of one that is not needed any more. */
    static void giveBack(ByteBuf done) {
        SpareTails here = OF_LOOP.get();
        if (here.count < KEPT && done.capacity() == SIZE && done.refCnt() == 1) {
            here.spare[here.count++] = done.clear();
        } else {
            done.release();
        }
    }

    private void release() {
        while (count > 0) {
            spare[--count].release();
        }
    }
}
