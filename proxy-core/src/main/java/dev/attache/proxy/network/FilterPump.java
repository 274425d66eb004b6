package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the filters of one connection in order, Envoy's {@code FilterManagerImpl}: bytes gather
 * until every filter has let them through to the terminal one. Only where there is more than the
 * terminal filter; loop-confined.
 */
public final class FilterPump implements ConnectionHandler {

    /** Envoy's default buffer limit: enough for every filter that waits for a head. */
    private static final int MAX_GATHERED = 1 << 20;

    private final Connection connection;
    private final NetworkFilter.Inspecting[] filters;
    private final NetworkFilter.@Nullable Terminal terminal;
    private final boolean[] begun;
    private boolean terminalBegun;
    private boolean connected;
    private @Nullable ByteBuf gathered;
    private boolean end;
    private boolean endDelivered;
    private boolean held;
    private boolean closed;

    /**
     * @param terminal null where the last filter only looks on: what gets through it is dropped
     */
    public FilterPump(
            Connection connection,
            List<NetworkFilter.Inspecting> filters,
            NetworkFilter.@Nullable Terminal terminal) {
        this.connection = connection;
        this.filters = filters.toArray(new NetworkFilter.Inspecting[0]);
        this.terminal = terminal;
        this.begun = new boolean[this.filters.length];
        for (int i = 0; i < this.filters.length; i++) {
            this.filters[i].attach(new Position(i));
        }
    }

    /** Stands in until the filters are made; expects nothing. */
    public static ConnectionHandler refusing() {
        return new ConnectionHandler() {
            @Override
            public void onData(ByteBuf data, boolean end) {
                data.release();
            }

            @Override
            public void onClosed(ConnectionEvent event) {
                // Nobody to tell.
            }
        };
    }

    private final class Position implements NetworkFilter.Inspecting.Control {

        private final int index;

        Position(int index) {
            this.index = index;
        }

        @Override
        public void continueReading() {
            if (!closed) {
                run(index + 1);
            }
        }

        @Override
        public void inject(ByteBuf toPeer) {
            connection.write(toPeer);
        }
    }

    @Override
    public void onNewConnection() {
        run(0);
    }

    @Override
    public void onConnected() {
        connected = true;
        if (terminalBegun && terminal != null) {
            terminal.onConnected();
        }
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        gather(data);
        end |= last;
        run(0);
    }

    private void gather(ByteBuf data) {
        ByteBuf before = gathered;
        if (before == null) {
            gathered = data;
            return;
        }
        ByteBuf joined =
                connection
                        .worker()
                        .allocator()
                        .buffer(before.readableBytes() + data.readableBytes());
        joined.writeBytes(before).writeBytes(data);
        before.release();
        data.release();
        gathered = joined;
    }

    private void run(int from) {
        for (int i = from; i < filters.length; i++) {
            if (!begun[i]) {
                begun[i] = true;
                if (filters[i].onNewConnection() == NetworkFilter.Status.STOP) {
                    stopped();
                    return;
                }
            }
            if (closed || !connection.isOpen()) {
                return;
            }
            if (pending()) {
                ByteBuf data = gathered == null ? io.netty.buffer.Unpooled.EMPTY_BUFFER : gathered;
                if (filters[i].onData(data, end) == NetworkFilter.Status.STOP) {
                    stopped();
                    return;
                }
            }
            if (closed || !connection.isOpen()) {
                return;
            }
        }
        deliver();
    }

    private boolean pending() {
        return gathered != null && gathered.isReadable() || end && !endDelivered;
    }

    /** More than the buffer limit is not gathered for a filter that waits. */
    private void stopped() {
        if (gathered != null && !gathered.isReadable()) {
            gathered.release();
            gathered = null;
        }
        boolean full = gathered != null && gathered.readableBytes() >= MAX_GATHERED;
        if (full && !held) {
            held = true;
            connection.input().hold();
        }
    }

    private void deliver() {
        if (terminal != null && !terminalBegun) {
            terminalBegun = true;
            terminal.onNewConnection();
            if (connected && connection.isOpen()) {
                terminal.onConnected();
            }
        }
        ByteBuf data = gathered;
        gathered = null;
        boolean last = end && !endDelivered;
        if (terminal == null || closed) {
            if (data != null) {
                data.release();
            }
            endDelivered |= last;
        } else if (data != null && data.isReadable() || last) {
            endDelivered |= last;
            terminal.onData(data == null ? io.netty.buffer.Unpooled.EMPTY_BUFFER : data, last);
        } else if (data != null) {
            data.release();
        }
        if (held) {
            held = false;
            connection.input().release();
        }
    }

    @Override
    public void onReadComplete() {
        if (terminalBegun && terminal != null) {
            terminal.onReadComplete();
        }
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        closed = true;
        for (NetworkFilter.Inspecting filter : filters) {
            filter.onClosed(event);
        }
        if (terminal != null) {
            terminal.onClosed(event);
        }
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    @Override
    public void onAboveHighWatermark() {
        if (terminal != null) {
            terminal.onAboveHighWatermark();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (terminal != null) {
            terminal.onBelowLowWatermark();
        }
    }
}
