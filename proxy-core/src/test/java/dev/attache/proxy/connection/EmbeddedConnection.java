package dev.attache.proxy.connection;

import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.Timers;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Connection} over an embedded channel: bytes are fed and read by the test, time stands
 * still until the test moves it, and every buffer given out is checked for release at the end.
 */
public final class EmbeddedConnection implements WorkerContext {
    private final WorkerOverload overload = new WorkerOverload(0, this::random);

    private final WorkerMemory memory = new WorkerMemory(MemoryBudget.UNLIMITED);

    private final Socket channel = new Socket();
    private final List<ByteBuf> given = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final TimerWheel timers;
    private final Connection connection;
    private long nanos;
    private boolean handling;
    private long random = 1;

    public EmbeddedConnection() {
        channel.freezeTime();
        timers = new TimerWheel(channel.eventLoop(), () -> nanos);
        PipeAddress address = new PipeAddress("embedded", 0);
        ConnectionInfo info = new ConnectionInfo(1, 0, 0, address, address);
        connection = new Connection(channel, this, info, new Unset());
        connection.install();
    }

    public Connection connection() {
        return connection;
    }

    public EmbeddedChannel channel() {
        return channel;
    }

    /** One read of these bytes (ISO 8859-1). */
    public void feed(String text) {
        feed(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void feed(byte[] bytes) {
        channel.runPendingTasks();
        feedInSameTurn(bytes);
        while (!later.isEmpty()) {
            nextTurn();
        }
    }

    /** One read, before what this turn of the loop has written is flushed; no further turns. */
    public void feedInSameTurn(byte[] bytes) {
        ByteBuf data = channel.alloc().directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        given.add(data);
        channel.writeInbound(data);
        channel.runPendingTasks();
    }

    /** The loop goes once around. */
    public void nextTurn() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
        channel.runPendingTasks();
    }

    @Override
    public void inNextTurn(Runnable task) {
        later.add(task);
    }

    public void feedByteByByte(String text) {
        for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
            feed(new byte[] {octet});
        }
    }

    /** What has been written since the last call, flushed. */
    public byte[] written() {
        channel.runPendingTasks();
        ByteBuf all = Unpooled.buffer();
        ByteBuf part;
        while ((part = channel.readOutbound()) != null) {
            all.writeBytes(part);
            part.release();
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    public String writtenText() {
        return new String(written(), StandardCharsets.ISO_8859_1);
    }

    /** From now on the peer reads nothing. */
    public void stopTaking() {
        channel.taking = false;
    }

    public void takeAgain() {
        channel.taking = true;
        channel.flush();
        channel.runPendingTasks();
    }

    /** The peer goes away. */
    public void disconnect() {
        channel.close();
        channel.runPendingTasks();
    }

    public boolean isClosing() {
        return !connection.isOpen();
    }

    /** So long takes what the loop does right now. */
    public void pass(long elapsedNanos) {
        nanos += elapsedNanos;
    }

    /** Moves the clock and fires what is due. */
    public void advance(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        timers.advance();
        channel.runPendingTasks();
    }

    /** Ends the connection; fails if a buffer fed to it or taken from it has not been released. */
    public void finish() {
        if (channel.isOpen()) {
            disconnect();
        }
        written();
        channel.checkException();
        channel.finishAndReleaseAll();
        for (ByteBuf data : given) {
            if (data.refCnt() != 0) {
                throw new AssertionError("leaked: " + data);
            }
        }
        given.clear();
    }

    @Override
    public WorkerOverload overload() {
        return overload;
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void handling(boolean begins) {
        handling = begins;
    }

    /** Whether what was read is being handled. */
    public boolean handles() {
        return handling;
    }

    @Override
    public WorkerMemory memory() {
        return memory;
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public long random() {
        return random = random * 6364136223846793005L + 1442695040888963407L;
    }

    /** A channel that can be made to take no more. */
    private static final class Socket extends EmbeddedChannel {
        private boolean taking = true;

        @Override
        protected void doWrite(ChannelOutboundBuffer queue) throws Exception {
            if (taking) {
                super.doWrite(queue);
            }
        }
    }

    /** Replaced by the test's codec before any byte comes. */
    private static final class Unset implements ConnectionHandler {
        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
            throw new IllegalStateException("no handler set");
        }

        @Override
        public void onClosed(ConnectionEvent event) {}
    }
}
