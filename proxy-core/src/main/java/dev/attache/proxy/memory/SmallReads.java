package dev.attache.proxy.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.DelegatingHandle;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * What connections read into: as Netty's adaptive sizes say, but small reads of a loop go into the
 * same buffer one after the other, as long as nobody keeps what was read. Such a buffer has one
 * reference more than its reader's. Its handles belong to a channel, the buffers to the loop.
 */
public final class SmallReads extends AdaptiveRecvByteBufAllocator {

    /** Of the buffers that are kept; larger reads have a buffer of their own each. */
    private static final int[] SIZES = {512, 2048};

    private static final FastThreadLocal<Kept> KEPT =
            new FastThreadLocal<>() {
                @Override
                protected Kept initialValue() {
                    return new Kept();
                }

                @Override
                protected void onRemoval(Kept kept) {
                    kept.release();
                }
            };

    /** In bytes, as in Netty. */
    public SmallReads(int minimum, int initial, int maximum) {
        super(minimum, initial, maximum);
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own handles are of this type.
    public Handle newHandle() {
        return new Reading((ExtendedHandle) super.newHandle());
    }

    private static final class Reading extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle sizes;

        Reading(ExtendedHandle sizes) {
            super(sizes);
            this.sizes = sizes;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            int size = guess();
            for (int i = 0; i < SIZES.length; i++) {
                if (size <= SIZES[i]) {
                    return KEPT.get().buffer(i, allocator);
                }
            }
            return sizes.allocate(allocator);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return sizes.continueReading(maybeMore);
        }
    }

    /** Those of one loop. */
    private static final class Kept {
        private final @Nullable ByteBuf[] buffers = new @Nullable ByteBuf[SIZES.length];

        ByteBuf buffer(int index, ByteBufAllocator allocator) {
            ByteBuf kept = buffers[index];
            if (kept == null || kept.refCnt() != 1 || kept.capacity() != SIZES[index]) {
                if (kept != null) {
                    buffers[index] = null;
                    kept.release();
                }
                kept = allocator.ioBuffer(SIZES[index]);
                buffers[index] = kept;
            }
            return kept.clear().retain();
        }

        void release() {
            for (int i = 0; i < buffers.length; i++) {
                ByteBuf kept = buffers[i];
                if (kept != null) {
                    buffers[i] = null;
                    kept.release();
                }
            }
        }
    }
}
