package dev.attache.proxy.listener;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.memory.DirectMemory;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.network.FilterFaults;
import dev.attache.proxy.pipeline.FilterOpenException;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection between accept and the choice of its filter chain: runs the listener filters over
 * what has arrived, without taking it away, then hands over. First handler of the channel; leaves
 * the pipeline when it is done, after passing on every byte it saw. Loop-confined.
 *
 * <p>Longer than files here should be: one state, driven by events of the channel.
 */
final class AcceptedSocket extends ChannelDuplexHandler implements ListenerFilter.Context {

    /**
     * What a socket, its channel and the objects of an HTTP/1 connection take of the heap, bytes.
     */
    private static final int PRICE = 4 * 1024;

    private static final ListenerFilter[] NONE = {};

    private final Channel channel;
    private final ConnectionInfo info;
    private final WorkerListeners owner;
    private final MemoryAccount account;
    private ActiveListener listener;
    private ListenerFilter[] filters = NONE;
    private int position;
    private boolean waiting;
    private boolean handedOff;
    private boolean done;
    private boolean appendable;
    private int charged;
    private @Nullable ByteBuf received;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Timer timeout;

    AcceptedSocket(
            Channel channel, ConnectionInfo info, WorkerListeners owner, ActiveListener listener) {
        this.channel = channel;
        this.info = info;
        this.owner = owner;
        this.listener = listener;
        this.account = owner.worker().memory().open(this::shed);
        account.heap(PRICE);
    }

    /** Memory is short, and this socket holds more than others. */
    private void shed() {
        info.terminationDetails("overload");
        abandon();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Runs the filters of its listener. */
    void begin() {
        owner.worker().memory().relieve();
        channel.closeFuture().addListener(closed -> settleAtEnd());
        start();
    }

    private void settleAtEnd() {
        account.heap(-PRICE);
        account.close();
    }

    /** Starts the filters of its listener; once more after a hand-off. */
    private void start() {
        info.listenerName(listener.spec().name());
        listener.stats().counts().downstreamPreCxActive.inc();
        position = 0;
        waiting = false;
        if (!makeFilters()) {
            return;
        }
        run();
        long limit = listener.spec().listenerFiltersTimeoutMillis();
        if (!done && limit > 0 && timeout == null) {
            timeout =
                    new Timer() {
                        @Override
                        protected void expire() {
                            onTimeout();
                        }
                    };
            owner.worker().timers().schedule(timeout, limit);
        }
    }

    private boolean makeFilters() {
        try {
            ListenerFilter[] made = listener.newFilters();
            if (made != null) {
                filters = made;
                return true;
            }
        } catch (FilterOpenException e) {
            failed(e.filter(), "newFilter", e);
            return false;
        }
        HandlerLog.missingConfiguration();
        listener.stats().counts().extensionConfigMissing.inc();
        abandon();
        return false;
    }

    /** A filter threw: that costs this connection. */
    private void failed(String filter, String callback, Throwable why) {
        listener.stats()
                .faults()
                .record(info, null, filter, callback, "its connection is closed", why);
        listener.stats().counts().listenerFilterError.inc();
        info.terminationDetails(FilterFaults.details(filter));
        abandon();
    }

    private ListenerFilter.Status show(ByteBuf data) {
        try {
            return filters[position].onData(this, data, false);
        } catch (Throwable e) {
            failed(listener.filterName(position), "onData", e);
            return ListenerFilter.Status.CLOSE;
        }
    }

    private ListenerFilter.Status accept() {
        try {
            return listener.disabled(position, info)
                    ? ListenerFilter.Status.CONTINUE
                    : filters[position].onAccept(this);
        } catch (Throwable e) {
            failed(listener.filterName(position), "onAccept", e);
            return ListenerFilter.Status.CLOSE;
        }
    }

    private void run() {
        while (position < filters.length) {
            ListenerFilter.Status status;
            if (waiting) {
                if (received == null) {
                    channel.read();
                    return;
                }
                status = show(received);
            } else {
                status = accept();
                if (status == ListenerFilter.Status.WAIT && received != null) {
                    waiting = true;
                    continue;
                }
            }
            switch (status) {
                case CONTINUE -> {
                    position++;
                    waiting = false;
                }
                case WAIT -> {
                    waiting = true;
                    channel.read();
                    return;
                }
                case CLOSE -> {
                    abandon();
                    return;
                }
            }
        }
        proceed();
    }

    /** Nothing is shown to the filters any more. */
    private void endFilters() {
        ListenerFilter[] ended = filters;
        filters = NONE;
        listener.finish(ended, ended.length);
    }

    private void proceed() {
        cancelTimeout();
        endFilters();
        listener.stats().counts().downstreamPreCxActive.dec();
        ActiveListener target = handedOff ? null : owner.handOff(listener, info);
        if (target != null) {
            handedOff = true;
            listener.handOff(target);
            listener = target;
            start();
            return;
        }
        done = true;
        if (info.redirected() && !owner.guarded(listener.spec(), info, channel)) {
            info.terminationDetails("traffic_loop");
            listener.logClosed(info);
            drop();
            return;
        }
        if (info.detectedTransportProtocol().isEmpty()) {
            info.detectedTransportProtocol("raw_buffer");
        }
        ActiveChain chain = listener.findChain(info);
        if (chain == null) {
            listener.stats().counts().noFilterChainMatch.inc();
            HandlerLog.noFilterChain(info);
            listener.logUnmatched(info);
            drop();
            return;
        }
        listener.count();
        info.filterChainName(chain.open().spec().name());
        if (chain.open().spec().filters().isEmpty()) {
            listener.logClosed(info);
            listener.uncount();
            close();
            return;
        }
        handOver(chain);
    }

    private void handOver(ActiveChain chain) {
        ServerConnection.start(chain, channel, info, account, this::passOn)
                .startReading(this::leave);
    }

    private void leave() {
        passOn();
        if (context != null && !context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    /** Gives what was received to the filter chain, unless its transport has refused the socket. */
    private void passOn() {
        ByteBuf bytes = received;
        received = null;
        charge();
        ChannelHandlerContext ctx = context;
        if (ctx == null || ctx.isRemoved() || !channel.isOpen()) {
            if (bytes != null) {
                bytes.release();
            }
            return;
        }
        if (bytes != null && bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
        } else if (bytes != null) {
            bytes.release();
        }
    }

    /** A handshake does not read either while the filters hold the connection. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!done) {
            ctx.read();
        }
    }

    private void onTimeout() {
        listener.stats().counts().downstreamPreCxTimeout.inc();
        if (listener.spec().continueOnListenerFiltersTimeout()) {
            proceed();
        } else {
            abandon();
        }
    }

    private void abandon() {
        if (done) {
            return;
        }
        done = true;
        endFilters();
        HandlerLog.abandoned(info);
        listener.stats().counts().downstreamPreCxActive.dec();
        listener.logClosed(info);
        drop();
    }

    /** Closes without a filter chain. */
    private void drop() {
        owner.turnedAway(listener.spec());
        close();
    }

    private void close() {
        cancelTimeout();
        if (received != null && received.isReadable() && channel instanceof SocketChannel) {
            // Envoy has only looked at these bytes: closed over unread ones, a socket resets.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        releaseReceived();
        channel.close();
    }

    private void releaseReceived() {
        if (received != null) {
            received.release();
            received = null;
            appendable = false;
            charge();
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel();
            timeout = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (done && received == null) {
            ctx.fireChannelRead(data);
            return;
        }
        keep(ctx, data);
        owner.worker().memory().relieve();
        if (done) {
            return;
        }
        if (waiting && SocketTuning.peerHasEnded(channel)) {
            // As Envoy: who has ended before the filters are done is not served, whatever it sent.
            remoteClosed();
        } else {
            run();
        }
    }

    private void keep(ChannelHandlerContext ctx, ByteBuf data) {
        ByteBuf before = received;
        if (before == null) {
            received = data;
        } else {
            append(ctx, before, data);
        }
        charge();
    }

    private void charge() {
        int holds = received == null ? 0 : received.capacity();
        if (holds != charged) {
            account.direct(holds - charged);
            charged = holds;
        }
    }

    /** Grows by doubling: bytes that come one at a time must not cost a copy of all before them. */
    private void append(ChannelHandlerContext ctx, ByteBuf gathered, ByteBuf data) {
        ByteBuf before = gathered;
        if (before.writableBytes() < data.readableBytes()
                || before.isReadOnly()
                || before.refCnt() > 1
                || !appendable) {
            int wanted = before.readableBytes() + data.readableBytes();
            ByteBuf roomier = ctx.alloc().buffer(Math.max(256, 2 * wanted));
            roomier.writeBytes(before);
            before.release();
            before = roomier;
            received = roomier;
            appendable = true;
        }
        before.writeBytes(data);
        data.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (!done) {
                remoteClosed();
                return;
            }
            passOn();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            remoteClosed();
        }
        releaseReceived();
        ctx.fireChannelInactive();
    }

    private void remoteClosed() {
        listener.stats().counts().listenerFilterRemoteClose.inc();
        abandon();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (DirectMemory.isUsedUp(cause)) {
            owner.worker().memory().noDirectMemory();
        }
        if (done) {
            ctx.fireExceptionCaught(cause);
        } else {
            listener.stats().counts().listenerFilterError.inc();
            abandon();
        }
    }

    @Override
    public ConnectionInfo info() {
        return info;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void consume(int bytes) {
        if (received != null) {
            received.skipBytes(bytes);
            if (!received.isReadable()) {
                releaseReceived();
            }
        }
    }
}
