package dev.attache.proxy.connection.userspace;

import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.memory.DirectMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of an internal connection: what is written here is read at the other end, without a
 * system call and, but for little that has to wait, without a copy. Behaves as a socket does, so
 * that transport sockets and codecs on it know no difference: an end that is not read holds up to
 * its limit and then makes the writer wait, and an end comes behind what was written. As in Envoy,
 * an end that closes before either of both has ended its output resets the connection.
 *
 * <p>Both ends live on one loop. Nothing happens at the other end before the loop's next task, so
 * that who writes is never called back out of his write. Loop-confined.
 *
 * <p>Longer than files here should be: most of it are the methods that Netty wants.
 */
public final class UserSpaceChannel extends AbstractChannel implements DuplexChannel {

    /** Bytes that are read in one piece. */
    private static final int PIECE = 64 * 1024;

    /** Up to this, what has to wait behind others is copied to them, in bytes. */
    private static final int SMALL = 2048;

    private static final int TAIL = 4096;

    /** Pieces of one task, then it is others' turn. */
    private static final int PIECES_PER_TURN = 2;

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final UserSpaceConfig config = new UserSpaceConfig(this);
    private final ArrayDeque<ByteBuf> received = new ArrayDeque<>(4);

    /** The last of them where it is a buffer of our own with room in it. */
    private @Nullable ByteBuf tail;

    private final InternalAddress local;
    private final InternalAddress remote;
    private final int limit;
    private final Runnable readTask = this::readNow;
    private final Runnable writeTask = this::writeNow;
    private @Nullable UserSpaceChannel peer;
    private @Nullable IntConsumer holder;
    private int waiting;
    private boolean writerWaits;
    private boolean readWanted;
    private boolean readScheduled;
    private boolean peerEnded;
    private boolean peerReset;
    private boolean endTold;
    private boolean outputEnded;
    private boolean closed;

    private UserSpaceChannel(InternalAddress local, InternalAddress remote, int limit) {
        super(null);
        this.local = local;
        this.remote = remote;
        this.limit = limit;
    }

    /** The two ends of a connection. */
    public record Pair(UserSpaceChannel client, UserSpaceChannel server) {}

    /**
     * Joins two ends; each is to be registered with the same loop.
     *
     * @param to the listener's address, which the server's end has for its own
     * @param limit bytes that wait at one end before the other's writer waits
     */
    public static Pair pair(InternalAddress to, int limit) {
        UserSpaceChannel client = new UserSpaceChannel(InternalAddress.CLIENT, to, limit);
        UserSpaceChannel server = new UserSpaceChannel(to, InternalAddress.CLIENT, limit);
        client.peer = server;
        server.peer = client;
        return new Pair(client, server);
    }

    /** Is told how many more bytes wait at this end, or how many fewer. */
    public void holder(IntConsumer charge) {
        holder = charge;
        charge.accept(waiting);
    }

    /** Whether something waits to be read. */
    public boolean hasUnread() {
        return waiting > 0;
    }

    /** Whether the peer will write no more, be all of it read or not. */
    public boolean peerHasEnded() {
        return peerEnded;
    }

    // ---- reading -------------------------------------------------------------------------------

    @Override
    protected void doBeginRead() {
        readWanted = true;
        if (!received.isEmpty()) {
            scheduleRead();
        }
    }

    void stopReading() {
        readWanted = false;
    }

    private void scheduleRead() {
        if (!readScheduled && !closed) {
            readScheduled = true;
            eventLoop().execute(readTask);
        }
    }

    private void readNow() {
        readScheduled = false;
        if (closed) {
            return;
        }
        if (peerReset && !readWanted) {
            // Who does not read would not come to see it.
            endByReset();
            return;
        }
        if (readWanted && !received.isEmpty()) {
            readPieces();
        }
        if (closed) {
            return;
        }
        if (received.isEmpty()) {
            if (peerReset) {
                endByReset();
            } else if (peerEnded) {
                tellEnd();
            }
        } else if (readWanted) {
            scheduleRead();
        }
    }

    private void readPieces() {
        readWanted = false;
        int left = PIECES_PER_TURN;
        do {
            pipeline().fireChannelRead(nextPiece());
        } while (--left > 0 && !closed && config.isAutoRead() && !received.isEmpty());
        if (!closed) {
            pipeline().fireChannelReadComplete();
        }
    }

    private ByteBuf nextPiece() {
        ByteBuf first = received.element();
        ByteBuf piece = first.readableBytes() > PIECE ? first.readRetainedSlice(PIECE) : first;
        if (piece == first) {
            received.remove();
            if (piece == tail) {
                tail = null;
            }
        }
        held(-piece.readableBytes());
        UserSpaceChannel writer = peer;
        if (writerWaits && waiting <= limit / 2 && writer != null) {
            writerWaits = false;
            writer.eventLoop().execute(writer.writeTask);
        }
        return piece;
    }

    private void held(int bytes) {
        waiting += bytes;
        if (holder != null) {
            holder.accept(bytes);
        }
    }

    private void tellEnd() {
        if (endTold) {
            return;
        }
        endTold = true;
        if (config.halfClosure()) {
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            unsafe().close(voidPromise());
        }
    }

    private void endByReset() {
        pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        unsafe().close(voidPromise());
    }

    // ---- writing -------------------------------------------------------------------------------

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws IOException {
        for (Object message = in.current(); message != null; message = in.current()) {
            ByteBuf data = (ByteBuf) message;
            int length = data.readableBytes();
            if (length == 0) {
                in.remove();
                continue;
            }
            UserSpaceChannel to = peer;
            if (to == null || to.closed) {
                throw new IOException("Broken pipe");
            }
            int room = to.limit - to.waiting;
            if (room <= 0) {
                to.writerWaits = true;
                return;
            }
            int taken = Math.min(room, length);
            to.receive(data, taken);
            in.removeBytes(taken);
        }
    }

    /** Takes the first {@code length} bytes, and leaves {@code data} as it is. */
    private void receive(ByteBuf data, int length) {
        ByteBuf open = length <= SMALL && !received.isEmpty() ? roomFor(length) : null;
        if (open != null) {
            // A byte that waits must not keep the buffer that it came in.
            open.writeBytes(data, data.readerIndex(), length);
        } else {
            received.add(data.retainedSlice(data.readerIndex(), length));
            tail = null;
        }
        held(length);
        if (readWanted) {
            scheduleRead();
        }
    }

    /** Null where there is no direct memory left. */
    private @Nullable ByteBuf roomFor(int length) {
        ByteBuf open = tail;
        if (open == null || open.writableBytes() < length) {
            open = DirectMemory.buffer(alloc(), TAIL);
            if (open != null) {
                received.add(open);
                tail = open;
            }
        }
        return open;
    }

    private void writeNow() {
        if (!closed && unsafe() instanceof Unsafe own) {
            own.goOn();
        }
    }

    /** The peer writes no more. */
    private void onPeerEnd() {
        peerEnded = true;
        if (received.isEmpty()) {
            scheduleRead();
        }
    }

    /** The peer is gone: what it wrote is still read, nothing can be written. */
    private void onPeerClosed(boolean reset) {
        peerReset = reset;
        onPeerEnd();
        if (reset) {
            scheduleRead();
        }
        // Whoever waits to write finds out now, as one who is told of a socket's error.
        eventLoop().execute(writeTask);
    }

    @Override
    protected void doShutdownOutput() {
        UserSpaceChannel to = peer;
        if (!outputEnded && to != null && !to.closed) {
            outputEnded = true;
            to.onPeerEnd();
        }
    }

    @Override
    protected void doClose() {
        if (closed) {
            return;
        }
        closed = true;
        for (ByteBuf each : received) {
            each.release();
        }
        received.clear();
        tail = null;
        held(-waiting);
        UserSpaceChannel to = peer;
        peer = null;
        if (to != null && !to.closed) {
            to.onPeerClosed(config.resets() || !(outputEnded || to.outputEnded));
        }
    }

    // ---- what Netty asks
    // -------------------------------------------------------------------------

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new Unsafe();
    }

    private final class Unsafe extends AbstractUnsafe {

        void goOn() {
            flush0();
        }

        @Override
        public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("is connected as it is made"));
        }
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        promise.setSuccess();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("has its address as it is made");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected SocketAddress localAddress0() {
        return local.toSocketAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote.toSocketAddress();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isActive() {
        return !closed;
    }

    @Override
    public boolean isInputShutdown() {
        return endTold;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        stopReading();
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputEnded;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        return promise;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        stopReading();
        return shutdownOutput(promise);
    }
}
