package dev.attache.proxy.connection;

import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.Timers;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * A local close that lets the peer have what is buffered. First it flushes, for as long as the peer
 * takes something within each {@code delayed_close_timeout}; then, where asked to, it says close
 * (close_notify, FIN) and waits for the peer to do so, too, at most that long again. Meanwhile the
 * connection reads and throws away, since unread bytes would turn the close into a reset. As
 * Envoy's {@code FlushWrite} and {@code FlushWriteAndDelay}.
 *
 * <p>A peer that broke the protocol ({@link CloseType#FLUSH_WRITE_AND_HOLD}) has {@code
 * delayed_close_timeout} in all for taking what is buffered and for closing: it is neither read
 * from nor told, as in Envoy. Owned by one connection.
 */
final class OrderlyClose {

    private final Channel channel;
    private final Timers timers;
    private final long timeoutMillis;
    private final Runnable timedOut;
    private final boolean delay;
    private final boolean hold;
    private final Timer timer =
            new Timer() {
                @Override
                protected void expire() {
                    onTimeout();
                }
            };
    private long pending;
    private boolean flushed;
    private boolean remoteEnded;
    private boolean begun;

    /**
     * @param timeoutMillis 0 = wait for the flush however long, and not at all afterwards
     * @param type how to wait for the peer
     * @param timedOut the peer did not do its part in time
     */
    OrderlyClose(
            Channel channel, Timers timers, long timeoutMillis, CloseType type, Runnable timedOut) {
        this.channel = channel;
        this.timers = timers;
        this.timeoutMillis = timeoutMillis;
        this.timedOut = timedOut;
        this.delay = type != CloseType.FLUSH_WRITE && timeoutMillis > 0;
        this.hold = type == CloseType.FLUSH_WRITE_AND_HOLD && timeoutMillis > 0;
    }

    /** Whether the socket is left unread. */
    boolean holds() {
        return hold;
    }

    void start(boolean remoteHasEnded) {
        remoteEnded = remoteHasEnded;
        if (!remoteHasEnded) {
            channel.config().setAutoRead(!hold);
        }
        if (timeoutMillis > 0) {
            timers.schedule(timer, timeoutMillis);
        }
        channel.eventLoop().execute(() -> begun = true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> onFlushed());
        pending = pendingBytes();
    }

    private void onFlushed() {
        if (!channel.isOpen()) {
            return;
        }
        flushed = true;
        if (!delay || remoteEnded) {
            timer.cancel();
            channel.close();
            return;
        }
        if (!hold) {
            timers.schedule(timer, timeoutMillis);
            shutdownOutput(channel, () -> {});
        }
    }

    private void onTimeout() {
        long left = pendingBytes();
        if (!flushed && !hold && left < pending) {
            pending = left;
            timers.schedule(timer, timeoutMillis);
            return;
        }
        timedOut.run();
        // Not through the SSL handler: its close_notify would wait behind what nobody takes.
        channel.unsafe().close(channel.newPromise());
    }

    /**
     * Something was read. A socket that is left unread is read once when the peer has closed it,
     * and is then done with; what was read together with the reason for the close is no such thing.
     */
    void onRead() {
        if (hold && begun) {
            onRemoteEnd();
        }
    }

    /** The peer has closed its direction. */
    void onRemoteEnd() {
        remoteEnded = true;
        if (flushed) {
            channel.close();
        }
    }

    void cancel() {
        timer.cancel();
    }

    private long pendingBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    /** close_notify where there is TLS, then FIN; {@code then} runs when that is done. */
    static void shutdownOutput(Channel channel, Runnable then) {
        SslHandler ssl = channel.pipeline().get(SslHandler.class);
        if (ssl == null) {
            finish(channel, then);
        } else {
            ssl.closeOutbound().addListener(done -> finish(channel, then));
        }
    }

    /**
     * Ends our direction and leaves the peer's open: close_notify where there is TLS and, as in
     * Envoy, no FIN behind it; else FIN. {@code then} runs when that is done.
     */
    static void endOutput(Channel channel, Runnable then) {
        SslHandler ssl = channel.pipeline().get(SslHandler.class);
        if (ssl == null) {
            finish(channel, then);
        } else {
            ssl.closeOutbound().addListener(done -> then.run());
        }
    }

    private static void finish(Channel channel, Runnable then) {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput().addListener(done -> then.run());
        } else {
            then.run();
        }
    }
}
