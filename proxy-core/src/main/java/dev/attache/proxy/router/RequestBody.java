package dev.attache.proxy.router;

import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.RouteAction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the request's body, as far as another attempt may need it. Kept only while a
 * retry is possible and the limit allows. Owned by one router; loop-confined.
 */
final class RequestBody {

    private final long limit;
    private final MemoryAccount payer;
    private final ByteBufAllocator allocator;
    private @Nullable KeptBody kept;
    private boolean abandoned;

    /**
     * How much may be kept: the route's limit, or the downstream connection's, which may have none.
     */
    static long limit(RouteAction.Forward action, FilterContext context) {
        long limit = action.requestBodyBufferLimit();
        if (limit >= 0) {
            return limit;
        }
        return context.bufferLimit() > 0 ? context.bufferLimit() : Long.MAX_VALUE;
    }

    /**
     * @param payer of what is kept
     */
    RequestBody(long limit, MemoryAccount payer, ByteBufAllocator allocator) {
        this.limit = limit;
        this.payer = payer;
        this.allocator = allocator;
    }

    /** Remembers {@code data} without taking it; false once there is too much to remember. */
    boolean keep(ByteBuf data) {
        if (abandoned) {
            return false;
        }
        KeptBody before = kept;
        if ((before == null ? 0 : before.size()) + data.readableBytes() > limit) {
            release();
            abandoned = true;
            return false;
        }
        if (before == null) {
            before = new KeptBody(payer, allocator);
            kept = before;
        }
        before.add(data.retainedSlice());
        return true;
    }

    /** Everything so far, for one more attempt; the caller owns it. Null: no body yet. */
    @Nullable ByteBuf copy() {
        return kept == null ? null : kept.copy();
    }

    void release() {
        KeptBody before = kept;
        if (before != null) {
            kept = null;
            before.release();
        }
    }
}
