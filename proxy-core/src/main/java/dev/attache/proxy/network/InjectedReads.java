package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What filters have put in place of what the peer sent, where one behind them left it: in front of
 * each filter. Owned by the connection's {@link FilterPump}; loop-confined.
 */
final class InjectedReads {

    private final Connection connection;
    private final @Nullable ByteBuf[] waiting;
    private final boolean[] ended;

    InjectedReads(Connection connection, int filters) {
        this.connection = connection;
        this.waiting = new @Nullable ByteBuf[filters];
        this.ended = new boolean[filters];
    }

    /** Puts what filter {@code index} has left back in front of it; takes ownership. */
    void keep(int index, ByteBuf left, boolean end) {
        waiting[index] = left;
        connection.direct(left.capacity());
        ended[index] |= end;
    }

    /** How much waits. */
    long bytes() {
        long sum = 0;
        for (ByteBuf left : waiting) {
            sum += left == null ? 0 : left.readableBytes();
        }
        return sum;
    }

    /** What waits in front of filter {@code index}, with {@code more} behind it. */
    ByteBuf take(int index, ByteBuf more) {
        ByteBuf before = waiting[index];
        if (before == null) {
            return more;
        }
        waiting[index] = null;
        connection.direct(-before.capacity());
        if (!more.isReadable()) {
            more.release();
            return before;
        }
        int bytes = before.readableBytes() + more.readableBytes();
        ByteBuf joined = connection.worker().allocator().buffer(bytes);
        joined.writeBytes(before).writeBytes(more);
        before.release();
        more.release();
        return joined;
    }

    boolean waits(int index) {
        return waiting[index] != null || ended[index];
    }

    /** Whether the end has been seen by filter {@code index} and not gone on; asked once. */
    boolean takeEnd(int index) {
        boolean end = ended[index];
        ended[index] = false;
        return end;
    }

    void release() {
        for (int i = 0; i < waiting.length; i++) {
            ByteBuf left = waiting[i];
            if (left != null) {
                waiting[i] = null;
                left.release();
            }
        }
    }

    /** Nothing, as what is shown when only the end is news. */
    static ByteBuf nothing() {
        return Unpooled.EMPTY_BUFFER;
    }
}
