package dev.attache.proxy.connection;

import dev.attache.proxy.connection.userspace.UserSpaceChannel;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.memory.DirectMemory;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * One transport connection over one Netty channel. Owned by whoever accepted or dialled it;
 * confined to the channel's loop; dies with {@link ConnectionHandler#onClosed}.
 *
 * <p>Writes are flushed once per loop turn. Reads stop while the {@linkplain #input() input valve}
 * is held. The write buffer reports its watermarks to the handler; the limit is Envoy's {@code
 * per_connection_buffer_limit_bytes}.
 *
 * <p>Longer than files here should be: reading, writing and the ways to end share one state.
 */
public final class Connection {

    /** Pieces up to this size are copied into the open buffer instead of being queued alone. */
    private static final int COPY_LIMIT = 2048;

    private static final FaultLog FAULTS = new FaultLog("connection");

    /** Is told of a handler that threw; the connection closes then. */
    @FunctionalInterface
    public interface HandlerFaults {

        /**
         * @param callback of {@link ConnectionHandler}
         * @return the connection's termination details
         */
        String onFault(String callback, Throwable why);
    }

    private final Channel channel;
    private final WorkerContext worker;
    private final ConnectionInfo info;
    private final Input input = new Input();
    private final Runnable flushTask = this::flushNow;
    private ConnectionHandler handler;
    private @Nullable ConnectionHandler stage;
    private @Nullable WriteStage writeStage;
    private HandlerFaults faults = this::logFault;
    private @Nullable WatermarkTimeout watermarkTimeout;
    private long delayedCloseMillis = 1000;
    private Runnable onDelayedCloseTimeout = () -> {};
    private @Nullable OrderlyClose closing;
    private @Nullable Runnable firstRead;
    private @Nullable Runnable handshakeInput;
    private @Nullable Runnable afterClosed;
    private boolean halfCloseEnabled;
    private boolean flushScheduled;
    private boolean localClose;
    private boolean outputEnding;
    private boolean outputEnded;
    private boolean endedLast;
    private boolean remoteEnded;
    private boolean remoteReset;
    private boolean closed;
    private boolean aboveHigh;
    private long bytesReceived;
    private long bytesSent;
    private int flushes;
    private @Nullable ByteBuf tail;
    private @Nullable ChannelHandlerContext place;

    private final Charges charges;

    /** The socket has not taken all that was flushed. */
    private boolean behind;

    /** Call on the loop, then {@link #install}. */
    public Connection(
            Channel channel, WorkerContext worker, ConnectionInfo info, ConnectionHandler handler) {
        this.channel = channel;
        this.worker = worker;
        this.info = info;
        this.handler = handler;
        this.charges = new Charges(worker.memory().shared());
    }

    /** What this connection holds is charged to {@code payer} from now on. */
    public void chargeTo(MemoryAccount payer) {
        charges.moveTo(payer);
    }

    /**
     * Its codec holds {@code delta} bytes of heap more, or less; what is left when the connection
     * has closed is given back then.
     */
    public void heap(int delta) {
        if (!closed) {
            charges.heap(delta);
        }
    }

    /** The same of direct memory. */
    public void direct(int delta) {
        if (!closed) {
            charges.direct(delta);
        }
    }

    /** Who pays for what this connection holds. */
    public MemoryAccount account() {
        return charges.account();
    }

    /** Adds itself at the end of the channel's pipeline (after the SSL handler, if any). */
    public void install() {
        channel.pipeline().addLast("attache.connection", new Inbound());
        if (channel instanceof UserSpaceChannel internal) {
            internal.holder(this::direct);
        }
    }

    /** Gives the events to another handler from now on, e.g. once filter chain or ALPN is known. */
    public void handler(ConnectionHandler next) {
        this.handler = next;
    }

    public ConnectionHandler handler() {
        return handler;
    }

    /**
     * Events go to {@code first} from now on, whoever the handler is: it passes on to {@link
     * #handler()} what it lets through.
     */
    public void stage(ConnectionHandler first) {
        this.stage = first;
    }

    /** What is written goes through {@code first} from now on. */
    public void writeStage(WriteStage first) {
        this.writeStage = first;
    }

    private ConnectionHandler receiver() {
        ConnectionHandler first = stage;
        return first != null ? first : handler;
    }

    /** Who is told of what the handler throws; the process log where nobody else is. */
    public void faults(HandlerFaults listener) {
        this.faults = listener;
    }

    private String logFault(String callback, Throwable why) {
        FAULTS.error(
                ComponentLog.tags(info.id())
                        + handler.getClass().getName()
                        + " threw in "
                        + callback
                        + "; its connection is closed",
                why);
        return "handler_exception";
    }

    /** A handler, or who it calls, threw: that costs this connection and is said. */
    private void handlerFailed(String callback, Throwable why) {
        Faults.contain(why);
        if (DirectMemory.isUsedUp(why)) {
            worker.memory().noDirectMemory();
            close(CloseType.NO_FLUSH, "overload");
            return;
        }
        String details = faults.onFault(callback, why);
        close(CloseType.NO_FLUSH, details);
    }

    /** Calls the handler; what it throws costs this connection and is said. */
    public void guarded(String callback, Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            handlerFailed(callback, e);
        }
    }

    public ConnectionInfo info() {
        return info;
    }

    public WorkerContext worker() {
        return worker;
    }

    /** For acceptors, dialers and transport sockets; codecs have no business with it. */
    public Channel channel() {
        return channel;
    }

    /** Bytes of application data so far, above TLS. */
    public long bytesReceived() {
        return bytesReceived;
    }

    public long bytesSent() {
        return tail == null ? bytesSent : bytesSent + tail.readableBytes();
    }

    /** How many of {@link #bytesSent()} the socket has surely taken; never more than that. */
    public long bytesFlushed() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? bytesSent : Math.max(0, bytesSent - queue.totalPendingWriteBytes());
    }

    /** How often something was handed to the socket; wraps around. */
    public int flushes() {
        return flushes;
    }

    public boolean isOpen() {
        return !closed && !localClose;
    }

    public boolean isAboveHighWatermark() {
        return aboveHigh;
    }

    /** High watermark of the write buffer in bytes; the low one is half of it. 0 = no limit. */
    public void bufferLimit(int bytes) {
        int high = bytes == 0 ? Integer.MAX_VALUE : bytes;
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
    }

    /**
     * @param millis how long the write buffer may stay above its high watermark; 0 = forever
     */
    public void watermarkTimeout(long millis) {
        watermarkTimeout = millis == 0 ? null : new WatermarkTimeout(this, millis);
    }

    /**
     * {@code delayed_close_timeout}: how long an orderly close waits for the peer to take
     * something, and {@link CloseType#FLUSH_WRITE_AND_DELAY} for it to close; 0 = forever and not
     * at all.
     */
    public void delayedCloseTimeout(long millis) {
        this.delayedCloseMillis = millis;
    }

    /** Is told when the peer let that time go by. */
    public void onDelayedCloseTimeout(Runnable listener) {
        this.onDelayedCloseTimeout = listener;
    }

    /** With half-close a FIN is {@code onData(…, end=true)}; without it, it closes. */
    public void enableHalfClose(boolean enabled) {
        this.halfCloseEnabled = enabled;
        if (channel instanceof DuplexChannel) {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, enabled);
        }
    }

    /** Holds and releases reading from the socket. */
    public Valve input() {
        return input;
    }

    /** What the handshake can begin with: {@code task} feeds it into the pipeline. */
    public void handshakeInput(Runnable task) {
        this.handshakeInput = task;
    }

    /** Feeds what was received before the transport was installed, once. */
    public void beginHandshake() {
        Runnable task = handshakeInput;
        if (task != null && !closed) {
            handshakeInput = null;
            task.run();
        }
    }

    /**
     * Runs {@code task} when the handler has heard of the end, after those that were given before;
     * at once where it has. The channel's close future comes before that.
     */
    public void afterClosed(Runnable task) {
        Runnable before = afterClosed;
        if (closed) {
            guarded("afterClosed", task);
        } else if (before == null) {
            afterClosed = task;
        } else {
            afterClosed =
                    () -> {
                        guarded("afterClosed", before);
                        task.run();
                    };
        }
    }

    /** Runs {@code task} when the input is first released by all who hold it, before any read. */
    public void beforeFirstRead(Runnable task) {
        this.firstRead = task;
    }

    /**
     * Takes ownership of {@code data}; it leaves with the others at the end of this loop turn.
     * Small pieces are copied together, so that head and short body are one buffer and one send.
     */
    public void write(ByteBuf data) {
        if (localClose || closed || outputEnding) {
            data.release();
            return;
        }
        int length = data.readableBytes();
        if (length == 0) {
            data.release();
            return;
        }
        if (writeStage != null) {
            passTail();
            writeStage.onWrite(data);
            return;
        }
        if (length <= COPY_LIMIT && tail != null && tail.writableBytes() >= length) {
            tail.writeBytes(data);
            data.release();
        } else {
            passTail();
            bytesSent += length;
            channel.write(data, channel.voidPromise());
        }
        scheduleFlush();
    }

    /**
     * The buffer at the end of what waits to be written, with room for {@code room} bytes: a codec
     * encodes into it and neither keeps nor releases it. What is appended leaves at the end of this
     * loop turn. After close the bytes go nowhere.
     */
    public ByteBuf output(int room) {
        ByteBuf current = tail;
        if (current != null && current.writableBytes() >= room) {
            scheduleFlush();
            return current;
        }
        passTail();
        current = SpareTails.take(room, worker.allocator());
        tail = current;
        scheduleFlush();
        return current;
    }

    /** Moves the open buffer into the channel's queue. */
    private void passTail() {
        ByteBuf current = tail;
        if (current == null) {
            return;
        }
        tail = null;
        if (localClose || closed || outputEnding || !current.isReadable()) {
            current.release();
            return;
        }
        if (writeStage != null) {
            writeStage.onWrite(current);
            return;
        }
        bytesSent += current.readableBytes();
        channel.write(current, channel.voidPromise());
    }

    /** What has come through the {@linkplain #writeStage write stage}; takes ownership. */
    public void writeThrough(ByteBuf data) {
        if (localClose || closed || !data.isReadable()) {
            data.release();
            return;
        }
        bytesSent += data.readableBytes();
        channel.write(data, channel.voidPromise());
        scheduleFlush();
    }

    /**
     * FIN (close_notify where there is TLS) behind what is buffered; the other direction stays
     * open. When both have ended the connection closes.
     */
    public void shutdownOutput() {
        if (localClose || closed || outputEnding) {
            return;
        }
        passTail();
        ConnectionLog.writing(this, true);
        outputEnding = true;
        if (writeStage != null) {
            writeStage.onWriteEnd();
        } else {
            endThrough();
        }
    }

    /** The end of what is written has come through the write stage. */
    public void endThrough() {
        if (localClose || closed) {
            return;
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(done -> OrderlyClose.endOutput(channel, this::onOutputEnded));
    }

    /** Whether both sides said FIN, ours after the peer's: as in Envoy, we closed then. */
    public boolean endedLast() {
        return endedLast;
    }

    private void onOutputEnded() {
        outputEnded = true;
        if (remoteEnded) {
            endedLast = !closed;
            channel.close();
        }
    }

    /**
     * Closes; idempotent, but {@link CloseType#ABORT_RESET} also cuts short a close under way.
     * Events after it: exactly one {@code onClosed(LOCAL_CLOSE)}.
     *
     * @param details {@code %CONNECTION_TERMINATION_DETAILS%}, or null where Envoy sets none
     */
    public void close(CloseType type, @Nullable String details) {
        if (closed || (localClose && type != CloseType.ABORT_RESET)) {
            return;
        }
        ConnectionLog.closing(this, type, details);
        if (handshaking() && type != CloseType.ABORT_RESET) {
            closeBeforeHandshake(type, details);
            return;
        }
        if (type == CloseType.NO_FLUSH) {
            flush();
        } else if (type != CloseType.ABORT_RESET) {
            passTail();
        }
        if (closed) {
            return;
        }
        localClose = true;
        dropTail();
        info.localCloseReason(details);
        if (details != null && info.terminationDetails() == null) {
            info.terminationDetails(details);
        }
        switch (type) {
            case NO_FLUSH -> channel.close();
            case ABORT_RESET -> {
                info.detectedClose(DetectedClose.LOCAL_RESET);
                if (channel instanceof DuplexChannel) {
                    channel.config().setOption(ChannelOption.SO_LINGER, 0);
                }
                // Past the SSL handler: a close_notify would make the reset an orderly close.
                channel.unsafe().close(channel.newPromise());
            }
            case FLUSH_WRITE, FLUSH_WRITE_AND_DELAY, FLUSH_WRITE_AND_HOLD -> {
                OrderlyClose orderly =
                        new OrderlyClose(
                                channel,
                                worker.timers(),
                                delayedCloseMillis,
                                type,
                                onDelayedCloseTimeout);
                closing = orderly;
                orderly.start(remoteEnded);
            }
        }
    }

    /**
     * As in Envoy, what was written for after the handshake is lost; having tried to write it, we
     * have answered the client's hello.
     */
    private void closeBeforeHandshake(CloseType type, @Nullable String details) {
        localClose = true;
        if (type != CloseType.NO_FLUSH && bytesSent() > 0) {
            beginHandshake();
        }
        dropTail();
        if (details != null && info.terminationDetails() == null) {
            info.terminationDetails(details);
        }
        channel.unsafe().close(channel.newPromise());
    }

    private boolean handshaking() {
        return info.secured() && info.tls() == null;
    }

    /**
     * As {@link #close}, with a reason that is no termination detail.
     *
     * @param reason {@code %DOWNSTREAM_LOCAL_CLOSE_REASON%} and its upstream sibling
     */
    public void closeFor(CloseType type, String reason) {
        if (isOpen()) {
            info.localCloseReason(reason);
        }
        close(type, null);
    }

    private void dropTail() {
        ByteBuf current = tail;
        if (current != null) {
            tail = null;
            current.release();
        }
    }

    /** Hands what waits to the socket now, for one who must know whether the socket takes it. */
    public void flush() {
        if (sendStraight()) {
            flushes++;
            charges.queued(0);
            return;
        }
        passTail();
        if (!closed) {
            flushes++;
            channel.flush();
        }
        settle();
    }

    /** Whether all that waits has gone the short way. */
    private boolean sendStraight() {
        ByteBuf current = tail;
        ChannelHandlerContext own = place;
        if (current == null
                || !current.isReadable()
                || own == null
                || localClose
                || outputEnding
                || writeStage != null) {
            return false;
        }
        bytesSent += StraightWrite.send(channel, own, current);
        if (current.isReadable()) {
            return false;
        }
        tail = null;
        SpareTails.giveBack(current);
        return true;
    }

    /** Charges what waits, and asks to be told when a socket that is behind has caught up. */
    private void settle() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        long waiting = queue == null ? 0 : queue.totalPendingWriteBytes();
        if (waiting > 0 && !behind) {
            behind = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            onCaughtUp();
                        }
                    });
        }
        waiting += tail == null ? 0 : tail.capacity();
        charges.queued(waiting);
    }

    private void onCaughtUp() {
        behind = false;
        scheduleFlush();
    }

    /**
     * Runs {@code task} when the loop has looked at its other connections. What it throws ends the
     * connection, as what {@code onData} throws does.
     */
    public void inNextTurn(Runnable task) {
        worker.inNextTurn(() -> {
            try {
                task.run();
            } catch (Throwable e) {
                channel.pipeline().fireExceptionCaught(e);
            }
        });
    }

    private void scheduleFlush() {
        if (!flushScheduled) {
            flushScheduled = true;
            worker.atTurnEnd(flushTask);
        }
    }

    private void flushNow() {
        flushScheduled = false;
        ConnectionLog.writing(this, false);
        if (behind && tail != null && tail.isWritable()) {
            // Goes with what is added to it until the socket takes more: one buffer for many bytes.
            channel.flush();
            settle();
        } else {
            flush();
        }
    }

    /** FIN or close_notify; either may follow the other. */
    private void onRemoteEnd() {
        if (remoteEnded || closed) {
            return;
        }
        remoteEnded = true;
        ConnectionLog.remoteClose(info);
        OrderlyClose orderly = closing;
        if (orderly != null) {
            orderly.onRemoteEnd();
        } else if (!halfCloseEnabled || localClose) {
            channel.close();
        } else {
            guarded("onData", () -> receiver().onData(Unpooled.EMPTY_BUFFER, true));
            if (outputEnded && !closed) {
                channel.close();
            }
        }
    }

    private final class Input implements Valve {
        private int holds;

        @Override
        public void hold() {
            if (holds++ == 0 && closing == null) {
                channel.config().setAutoRead(false);
            }
        }

        @Override
        public void release() {
            if (holds == 0) {
                throw new IllegalStateException("released more often than held");
            }
            // After the peer's end epoll would take one more try to read for an error, and close.
            if (--holds > 0) {
                return;
            }
            Runnable first = firstRead;
            if (first != null) {
                firstRead = null;
                first.run();
            }
            OrderlyClose orderly = closing;
            if (holds == 0 && !remoteEnded && (orderly == null || !orderly.holds())) {
                channel.config().setAutoRead(true);
            }
        }
    }

    /** The Netty side; a thin adapter so that the connection itself is no handler. */
    private final class Inbound extends ChannelInboundHandlerAdapter {

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            place = ctx;
            if (!channel.isOpen()) {
                // It may have become inactive before this was there to hear of it.
                worker.eventLoop().execute(() -> channelInactive(ctx));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf data = (ByteBuf) message;
            worker.memory().relieve();
            if (localClose) {
                data.release();
                OrderlyClose orderly = closing;
                if (orderly != null) {
                    orderly.onRead();
                }
                return;
            }
            bytesReceived += data.readableBytes();
            ConnectionLog.read(info, data.readableBytes());
            worker.handling(true);
            try {
                receiver().onData(data, false);
            } catch (Throwable e) {
                handlerFailed("onData", e);
            } finally {
                worker.handling(false);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (localClose) {
                return;
            }
            try {
                receiver().onReadComplete();
            } catch (Throwable e) {
                handlerFailed("onReadComplete", e);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent
                    || (event instanceof SslCloseCompletionEvent tls && tls.isSuccess())) {
                onRemoteEnd();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            boolean above = !channel.isWritable();
            // While closing nobody writes any more; only a mark told before is taken back.
            if (above == aboveHigh || closed || (above && localClose)) {
                return;
            }
            aboveHigh = above;
            if (watermarkTimeout != null) {
                watermarkTimeout.onWatermark(above);
            }
            if (above) {
                guarded("onAboveHighWatermark", receiver()::onAboveHighWatermark);
            } else {
                guarded("onBelowLowWatermark", receiver()::onBelowLowWatermark);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (DirectMemory.isUsedUp(cause)) {
                info.transportFailureReason("no direct memory left");
                worker.memory().noDirectMemory();
            } else if (cause instanceof java.io.IOException) {
                remoteReset = true;
                info.detectedClose(DetectedClose.REMOTE_RESET);
            } else if (info.transportFailureReason() == null) {
                info.transportFailureReason(String.valueOf(cause.getMessage()));
            }
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (closed) {
                return;
            }
            closed = true;
            dropTail();
            if (watermarkTimeout != null) {
                watermarkTimeout.cancel();
            }
            OrderlyClose orderly = closing;
            if (orderly != null) {
                orderly.cancel();
            }
            ConnectionEvent event =
                    localClose
                            ? ConnectionEvent.LOCAL_CLOSE
                            : remoteReset
                                    ? ConnectionEvent.REMOTE_RESET
                                    : ConnectionEvent.REMOTE_CLOSE;
            if (event != ConnectionEvent.LOCAL_CLOSE && !remoteEnded) {
                ConnectionLog.remoteClose(info);
            }
            ConnectionLog.closed(info, event);
            guarded("onClosed", () -> receiver().onClosed(event));
            charges.releaseAll();
            Runnable last = afterClosed;
            if (last != null) {
                afterClosed = null;
                guarded("afterClosed", last);
            }
        }
    }
}
