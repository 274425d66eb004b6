package dev.attache.proxy.router;

import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.RouteAction;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the request's body, as far as another attempt may need it. Kept only while a
 * retry is possible and the limit allows. Owned by one router; loop-confined.
 */
final class RequestBody {

    private final long limit;
    private final KeptBody kept;
    private boolean any;
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

    RequestBody(long limit, KeptBody kept) {
        this.limit = limit;
        this.kept = kept;
    }

    /** Remembers {@code data} without taking it; false once there is too much to remember. */
    boolean keep(ByteBuf data) {
        if (abandoned) {
            return false;
        }
        if (kept.size() + data.readableBytes() > limit) {
            release();
            abandoned = true;
            return false;
        }
        any = true;
        kept.add(data.retainedSlice());
        return true;
    }

    /** Everything so far, for one more attempt; the caller owns it. Null: no body yet. */
    @Nullable ByteBuf copy() {
        return any ? kept.copy() : null;
    }

    void release() {
        any = false;
        kept.release();
    }
}
