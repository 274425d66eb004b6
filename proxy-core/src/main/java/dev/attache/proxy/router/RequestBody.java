package dev.attache.proxy.router;

import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.RouteAction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the request's body, as far as another attempt may need it. Kept only while a
 * retry is possible and the limit allows. Owned by one router; loop-confined.
 */
final class RequestBody {

    private final long limit;
    private @Nullable CompositeByteBuf kept;
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

    RequestBody(long limit) {
        this.limit = limit;
    }

    /** Remembers {@code data} without taking it; false once there is too much to remember. */
    boolean keep(ByteBuf data) {
        if (abandoned) {
            return false;
        }
        int before = kept == null ? 0 : kept.readableBytes();
        if (before + (long) data.readableBytes() > limit) {
            release();
            abandoned = true;
            return false;
        }
        CompositeByteBuf target = kept != null ? kept : Unpooled.compositeBuffer(1024);
        kept = target.addComponent(true, data.retainedSlice());
        return true;
    }

    /** Everything so far, for one more attempt; the caller owns it. Null: no body yet. */
    @Nullable ByteBuf copy() {
        return kept == null ? null : kept.retainedSlice();
    }

    void release() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }
}
