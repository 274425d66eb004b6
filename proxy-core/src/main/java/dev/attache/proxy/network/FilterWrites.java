package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.WriteStage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What is written on its way to the peer: through the filters that see writes, the last one first.
 * Owned by the connection's {@link FilterPump}; loop-confined.
 */
final class FilterWrites implements WriteStage {

    private final Connection connection;
    private final FilterPump pump;
    private final int count;

    FilterWrites(Connection connection, FilterPump pump, int count) {
        this.connection = connection;
        this.pump = pump;
        this.count = count;
    }

    @Override
    public void onWrite(ByteBuf data) {
        pass(count - 1, data, false);
    }

    @Override
    public void onWriteEnd() {
        pass(count - 1, Unpooled.EMPTY_BUFFER, true);
    }

    /** Shows it to filter {@code from} and those nearer to the peer; takes ownership. */
    void pass(int from, ByteBuf data, boolean end) {
        for (int i = from; i >= 0; i--) {
            if (!pump.seesWrites(i)) {
                continue;
            }
            boolean stopped = pump.showWrite(i, data, end) == NetworkFilter.Status.STOP;
            if (stopped || !connection.isOpen()) {
                data.release();
                return;
            }
        }
        connection.writeThrough(data);
        if (end) {
            connection.endThrough();
        }
    }
}
