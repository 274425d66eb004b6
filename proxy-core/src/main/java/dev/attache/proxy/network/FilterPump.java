package dev.attache.proxy.network;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.worker.Faults;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the filters of one connection in order, Envoy's {@code FilterManagerImpl}: bytes gather
 * until every filter has let them through to the terminal one. Only where there is more than the
 * terminal filter; loop-confined.
 *
 * <p>Longer than files here should be: reading, injecting and the end share what has gathered.
 */
public final class FilterPump implements ConnectionHandler {

    private static final int FIRST_CAPACITY = 1024;

    /**
     * A filter before the last one.
     *
     * @param name as configured
     */
    public record Named(String name, NetworkFilter.Inspecting filter) {}

    private final Connection connection;
    private final Named[] filters;
    private final NetworkFilter.@Nullable Terminal terminal;
    private final FilterFaults faults;
    private final int limit;
    private final boolean[] begun;
    private final FilterWrites writes;
    private boolean[] writing = {};
    private @Nullable InjectedReads injected;
    private @Nullable StreamInfo stream;
    private boolean terminalBegun;
    private boolean connected;
    private @Nullable ByteBuf gathered;
    private int charged;

    /** What has gathered is in a buffer of our own, with room to append. */
    private boolean appendable;

    private boolean end;
    private boolean endDelivered;
    private boolean held;
    private boolean closed;

    /**
     * @param terminal null where the last filter only looks on: what gets through it is dropped
     * @param limit {@code per_connection_buffer_limit_bytes}: with that much gathered for a filter
     *     that waits, no more is read; 0 = no limit
     */
    public FilterPump(
            Connection connection,
            List<Named> filters,
            NetworkFilter.@Nullable Terminal terminal,
            FilterFaults faults,
            int limit) {
        this.connection = connection;
        this.filters = filters.toArray(new Named[0]);
        this.terminal = terminal;
        this.faults = faults;
        this.limit = limit == 0 ? Integer.MAX_VALUE : limit;
        this.begun = new boolean[this.filters.length];
        this.writes = new FilterWrites(connection, this, this.filters.length);
        for (int i = 0; i < this.filters.length; i++) {
            attach(i);
        }
    }

    private void attach(int index) {
        try {
            filters[index].filter.attach(new Position(index));
            if (filters[index].filter.seesWrites()) {
                if (writing.length == 0) {
                    writing = new boolean[filters.length];
                    connection.writeStage(writes);
                }
                writing[index] = true;
            }
        } catch (Throwable e) {
            failed(filters[index], "attach", e);
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
            if (closed) {
                return;
            }
            InjectedReads left = injected;
            if (left != null && left.waits(index)) {
                boolean last = left.takeEnd(index);
                pass(index + 1, left.take(index, InjectedReads.nothing()), last);
            } else {
                run(index + 1);
            }
        }

        @Override
        public void injectRead(ByteBuf fromPeer, boolean last) {
            if (closed || !connection.isOpen()) {
                fromPeer.release();
            } else {
                pass(index + 1, fromPeer, last);
            }
        }

        @Override
        public void injectWrite(ByteBuf toPeer, boolean last) {
            writes.pass(index - 1, toPeer, last);
        }

        @Override
        public StreamInfo stream() {
            return FilterPump.this.stream();
        }
    }

    /** What the listener's access log is to show: the terminal filter's, or one of the chain. */
    StreamInfo stream() {
        StreamInfo known = stream;
        if (known == null) {
            known = terminal == null ? null : terminal.stream();
            if (known == null) {
                ConnectionInfo info = connection.info();
                known = new StreamInfo(info, info.startTimeMillis(), info.startNanos());
            }
            stream = known;
        }
        return known;
    }

    /** What filters have written down of the connection, or null where none has asked. */
    public @Nullable StreamInfo streamSoFar() {
        return stream;
    }

    boolean seesWrites(int index) {
        return writing.length > 0 && writing[index];
    }

    NetworkFilter.Status showWrite(int index, ByteBuf data, boolean last) {
        try {
            return filters[index].filter.onWrite(data, last);
        } catch (Throwable e) {
            return failed(filters[index], "onWrite", e);
        }
    }

    /** What a filter has put in place of what it saw, to those from {@code from} on. */
    private void pass(int from, ByteBuf data, boolean last) {
        ByteBuf shown = data;
        boolean ends = last;
        for (int i = from; i < filters.length; i++) {
            InjectedReads left = injected;
            if (left != null) {
                shown = left.take(i, shown);
                ends |= left.takeEnd(i);
            }
            if (show(i, shown, ends) == NetworkFilter.Status.STOP && !closed) {
                if (injected == null) {
                    injected = new InjectedReads(connection, filters.length);
                }
                injected.keep(i, shown, ends);
                holdInputIfFull();
                return;
            }
            if (closed || !connection.isOpen()) {
                shown.release();
                return;
            }
        }
        toTerminal(shown, ends);
        holdInputIfFull();
    }

    private NetworkFilter.Status show(int index, ByteBuf data, boolean last) {
        if (!begun[index]) {
            begun[index] = true;
            if (begin(filters[index]) == NetworkFilter.Status.STOP) {
                return NetworkFilter.Status.STOP;
            }
        }
        if (closed || !connection.isOpen() || !data.isReadable() && !last) {
            return NetworkFilter.Status.CONTINUE;
        }
        return show(filters[index], data, last);
    }

    @Override
    public void onNewConnection() {
        run(0);
    }

    @Override
    public void onConnected() {
        connected = true;
        for (Named each : filters) {
            try {
                each.filter.onConnected();
            } catch (Throwable e) {
                failed(each, "onConnected", e);
                return;
            }
        }
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

    /** Grows by doubling: a byte at a time must not cost a copy of all that came before. */
    private void gather(ByteBuf data) {
        ByteBuf before = gathered;
        if (before == null) {
            gathered = data;
            appendable = false;
            return;
        }
        if (!appendable || before.writableBytes() < data.readableBytes()) {
            int wanted = before.readableBytes() + data.readableBytes();
            ByteBuf roomier =
                    connection.worker().allocator().buffer(Math.max(FIRST_CAPACITY, 2 * wanted));
            roomier.writeBytes(before);
            before.release();
            gathered = roomier;
            appendable = true;
            before = roomier;
        }
        before.writeBytes(data);
        data.release();
    }

    private void charge() {
        int holds = gathered == null ? 0 : gathered.capacity();
        if (holds != charged) {
            connection.direct(holds - charged);
            charged = holds;
        }
    }

    private void run(int from) {
        for (int i = from; i < filters.length; i++) {
            if (pending() && injected != null && injected.waits(i)) {
                // Comes behind what a filter before has put in front of this one.
                pass(i, takeGathered(), end);
                return;
            }
            if (!begun[i]) {
                begun[i] = true;
                if (begin(filters[i]) == NetworkFilter.Status.STOP) {
                    stopped();
                    return;
                }
            }
            if (closed || !connection.isOpen()) {
                return;
            }
            if (pending()
                    && show(filters[i], gathered == null ? InjectedReads.nothing() : gathered, end)
                            == NetworkFilter.Status.STOP) {
                stopped();
                return;
            }
            if (closed || !connection.isOpen()) {
                return;
            }
        }
        deliver();
    }

    private NetworkFilter.Status begin(Named next) {
        try {
            return next.filter.onNewConnection();
        } catch (Throwable e) {
            return failed(next, "onNewConnection", e);
        }
    }

    private NetworkFilter.Status show(Named next, ByteBuf data, boolean last) {
        try {
            return next.filter.onData(data, last);
        } catch (Throwable e) {
            return failed(next, "onData", e);
        }
    }

    private NetworkFilter.Status failed(Named who, String callback, Throwable why) {
        faults.record(connection.info(), null, who.name, callback, "its connection is closed", why);
        connection.close(CloseType.NO_FLUSH, FilterFaults.details(who.name));
        return NetworkFilter.Status.STOP;
    }

    private boolean pending() {
        return gathered != null && gathered.isReadable() || end && !endDelivered;
    }

    private void stopped() {
        if (gathered != null && !gathered.isReadable()) {
            gathered.release();
            gathered = null;
        }
        charge();
        holdInputIfFull();
    }

    /** No more is read than the buffer limit while it waits for a filter. */
    private void holdInputIfFull() {
        long waiting = gathered == null ? 0 : gathered.readableBytes();
        waiting += injected == null ? 0 : injected.bytes();
        boolean full = waiting >= limit;
        if (full == held || closed) {
            return;
        }
        held = full;
        if (full) {
            connection.input().hold();
        } else {
            connection.input().release();
        }
    }

    private ByteBuf takeGathered() {
        ByteBuf data = gathered;
        gathered = null;
        charge();
        return data == null ? InjectedReads.nothing() : data;
    }

    private void beginTerminal() {
        if (terminal != null && !terminalBegun) {
            terminalBegun = true;
            terminal.onNewConnection();
            if (connected && connection.isOpen()) {
                terminal.onConnected();
            }
        }
    }

    /** Takes ownership. */
    private void toTerminal(ByteBuf data, boolean last) {
        beginTerminal();
        boolean news = last && !endDelivered;
        endDelivered |= last;
        if (terminal == null || closed || !data.isReadable() && !news) {
            data.release();
        } else {
            terminal.onData(data, news);
        }
    }

    private void deliver() {
        beginTerminal();
        toTerminal(takeGathered(), end);
        holdInputIfFull();
    }

    @Override
    public void onReadComplete() {
        if (terminalBegun && terminal != null) {
            terminal.onReadComplete();
        }
    }

    /** Every filter hears of it, whatever the others do. */
    @Override
    public void onClosed(ConnectionEvent event) {
        closed = true;
        for (Named each : filters) {
            try {
                each.filter.onClosed(event);
            } catch (Throwable e) {
                Faults.contain(e);
                faults.atEndOf(connection.info()).onFault(each.name, "onClosed", e);
            }
        }
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
        if (injected != null) {
            injected.release();
        }
        if (terminal != null) {
            terminal.onClosed(event);
        }
    }

    /** Every filter adds what it has to say of its connection, which has ended. */
    public void tell(StreamInfo stream) {
        for (Named each : filters) {
            try {
                each.filter.tell(stream);
            } catch (Throwable e) {
                Faults.contain(e);
                faults.atEndOf(connection.info()).onFault(each.name, "tell", e);
            }
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
