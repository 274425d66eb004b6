package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.ConnectionLog;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.transport.UpstreamSource;
import dev.attache.proxy.upstream.spec.SocketSpec;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.StandingInterest;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One dial. Where there are several addresses they race as RFC 8305 says: another attempt each 300
 * ms or as soon as one fails; the first that connects wins, and the transport socket takes it from
 * there. The dial has no timer of its own: its owner bounds it and cancels it.
 *
 * <p>Longer than files here should be: the race of addresses, and what each way to connect needs
 * before and after, end one another.
 */
final class DialAttempt
        implements Cancellable, ChannelFutureListener, TransportListener, ConnectionHandler {

    private static final List<String> SYSTEM_TEXTS =
            List.of(
                    "Connection refused",
                    "No route to host",
                    "Network is unreachable",
                    "Connection timed out",
                    "Connection reset by peer",
                    "Permission denied",
                    "Too many open files",
                    DialGuard.NOT_PERMITTED,
                    "No such file or directory",
                    "Cannot assign requested address");

    private static final FaultLog FAULTS = new FaultLog("pool");

    private static final long STAGGER_MILLIS = 300;

    /** What an upstream connection's objects take of the heap, in bytes; measured. */
    private static final int PRICE = 3 * 1024;

    /**
     * Four reads of at most 64 KiB, then it is others' turn: with sixteen, as Netty has it, some
     * hundred busy upstreams make a turn of the loop last for seconds.
     */
    private static final RecvByteBufAllocator SHARE_OF_A_TURN =
            new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(4);

    private final WorkerContext worker;
    private final SocketSpec sockets;
    private final List<Address> order;
    private final ClientTransport transport;
    private final TransportOptions options;
    private final DialGuard guard;
    private final ToInternal internal;
    private final Dialer.Listener listener;
    private final List<Channel> racing = new ArrayList<>(1);
    private final long id = ConnectionInfo.nextId();
    private final long startNanos;
    private final long startMillis = System.currentTimeMillis();
    private @Nullable Stagger stagger;
    private @Nullable Connection connection;
    private int nextAddress;
    private boolean remoteFailure;
    private boolean transportReady;
    private boolean done;

    DialAttempt(
            WorkerContext worker,
            SocketSpec sockets,
            List<Address> order,
            ClientTransport transport,
            TransportOptions options,
            DialGuard guard,
            ToInternal internal,
            Dialer.Listener listener) {
        this.worker = worker;
        this.sockets = sockets;
        this.order = order;
        this.transport = transport;
        this.options = options;
        this.guard = guard;
        this.internal = internal;
        this.listener = listener;
        this.startNanos = worker.nanoTime();
    }

    /** The way to internal listeners. */
    @FunctionalInterface
    interface ToInternal {
        ChannelFuture connect(InternalAddress to);
    }

    /** Time for the next address. */
    private final class Stagger extends Timer {
        @Override
        protected void expire() {
            if (!done && connection == null && nextAddress < order.size()) {
                start();
            }
        }
    }

    /** Tries the next address. */
    void start() {
        Address address = order.get(nextAddress++);
        listener.onDialling(id);
        ConnectionLog.connecting(id, address);
        if (nextAddress < order.size()) {
            if (stagger == null) {
                stagger = new Stagger();
            }
            worker.timers().schedule(stagger, STAGGER_MILLIS);
        }
        ChannelFuture connecting =
                address instanceof InternalAddress to ? internal.connect(to) : connect(address);
        if (!connecting.isDone()) {
            racing.add(connecting.channel());
        }
        connecting.addListener(this);
    }

    private ChannelFuture connect(Address address) {
        Class<? extends Channel> type = SocketOptions.channelType(worker.eventLoop(), address);
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(worker.eventLoop())
                        .channel(type)
                        .option(ChannelOption.ALLOCATOR, worker.allocator())
                        .option(ChannelOption.RECVBUF_ALLOCATOR, SHARE_OF_A_TURN)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                        .handler(guard.handler());
        SocketOptions.apply(sockets, bootstrap, address, type == EpollSocketChannel.class);
        UpstreamSource client = address instanceof IpAddress ? options.source() : null;
        if (client != null) {
            return connectFrom(client, address, bootstrap);
        }
        SocketAddress source = SocketOptions.source(sockets, address);
        return source == null
                ? bootstrap.connect(address.toSocketAddress())
                : bootstrap.connect(address.toSocketAddress(), source);
    }

    /** Unlike others, an option that cannot be set fails it: nobody else may be dialled for. */
    private static ChannelFuture connectFrom(
            UpstreamSource client, Address address, Bootstrap bootstrap) {
        ChannelFuture registering = bootstrap.register();
        Channel channel = registering.channel();
        ChannelPromise connecting = channel.newPromise();
        registering.addListener(registered -> {
            try {
                if (registered.isSuccess()) {
                    SocketOptions.comeFrom(client, address, channel);
                    channel.connect(
                            address.toSocketAddress(),
                            client.address().toSocketAddress(),
                            connecting);
                } else {
                    connecting.setFailure(registered.cause());
                }
            } catch (SourceException refused) {
                channel.close();
                connecting.setFailure(refused);
            }
        });
        return connecting;
    }

    @Override
    public void operationComplete(ChannelFuture connecting) {
        if (!worker.eventLoop().inEventLoop()) {
            // A socket that could not be made (no descriptors) has no loop: Netty says so
            // elsewhere.
            worker.eventLoop().execute(() -> operationComplete(connecting));
            return;
        }
        Channel channel = connecting.channel();
        racing.remove(channel);
        if (done || connection != null) {
            if (connecting.isSuccess()) {
                channel.close();
            }
        } else if (connecting.isSuccess()) {
            stopRace();
            onTcpConnected(channel);
        } else {
            onTcpFailed(connecting.cause());
        }
    }

    private void stopRace() {
        if (stagger != null) {
            stagger.cancel();
        }
        for (Channel other : List.copyOf(racing)) {
            other.close();
        }
        racing.clear();
    }

    private void onTcpFailed(Throwable why) {
        remoteFailure |= isRemote(why);
        String text = systemText(why);
        guard.onFailed(order.get(nextAddress - 1), text);
        ConnectionLog.connectError(id, text);
        if (nextAddress < order.size()) {
            start();
        } else if (racing.isEmpty()) {
            fail(remoteFailure, reason(why, text));
        }
    }

    private static @Nullable String reason(Throwable why, String text) {
        return switch (why) {
            case SourceException ours -> null;
            case InternalDial.NobodyListens nobody -> text;
            default -> "delayed connect error: " + text;
        };
    }

    /** The system's words for the error, without what Netty puts around them. */
    private static String systemText(Throwable why) {
        for (Throwable each = why; each != null; each = each.getCause()) {
            String text = String.valueOf(each.getMessage());
            for (String known : SYSTEM_TEXTS) {
                if (text.contains(known)) {
                    return known;
                }
            }
        }
        return String.valueOf(why.getMessage());
    }

    /** As in Envoy, whatever connect(2) says is the peer's doing; socket and bind are ours. */
    private static boolean isRemote(Throwable why) {
        String text = why.getMessage();
        return !(why instanceof BindException)
                && !(why instanceof ChannelException)
                && (text == null || !text.startsWith("bind("));
    }

    private void onTcpConnected(Channel channel) {
        StandingInterest.keep(channel);
        ConnectionInfo info =
                new ConnectionInfo(
                        id,
                        startMillis,
                        startNanos,
                        localAddress(channel),
                        order.get(nextAddress - 1));
        info.connected(worker.nanoTime());
        info.filterState().receive(options.shared().all());
        Connection established = new Connection(channel, worker, info, this);
        connection = established;
        established.heap(PRICE);
        try {
            transport.install(channel, info, worker, options, this);
        } catch (Throwable e) {
            FAULTS.error(
                    ComponentLog.tags(id)
                            + transport.getClass().getName()
                            + " threw in install; its connection is closed",
                    e);
            channel.close();
            fail(false, "transport socket failed: " + Faults.text(e));
            Faults.contain(e);
            return;
        }
        established.install();
        if (transportReady) {
            deliver(established);
        }
    }

    private Address localAddress(Channel channel) {
        return !(order.getFirst() instanceof PipeAddress) && channel.localAddress() != null
                ? Address.of(channel.localAddress())
                : order.getFirst();
    }

    @Override
    public void onTransportReady() {
        transportReady = true;
        Connection established = connection;
        if (established != null && established.handler() == this && isInstalled(established)) {
            deliver(established);
        }
    }

    private static boolean isInstalled(Connection established) {
        return established.channel().pipeline().get("attache.connection") != null;
    }

    private void deliver(Connection established) {
        if (!done) {
            done = true;
            // Who it was for is the handler by now, and hears of the close, if it comes to that.
            established.guarded("onConnected", () -> listener.onConnected(established));
        }
    }

    @Override
    public void onTransportFailed() {
        // The close that follows brings the reason.
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        // Nobody reads before the transport is ready, and then the handler is another.
        data.release();
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        Connection established = connection;
        String reason = established == null ? null : established.info().transportFailureReason();
        // As in Envoy, a handshake that we refuse counts as the peer's failure too.
        fail(true, reason);
    }

    private void fail(boolean remote, @Nullable String reason) {
        if (!done) {
            done = true;
            stopRace();
            listener.onDialFailed(remote, reason);
        }
    }

    @Override
    public void cancel() {
        if (done) {
            return;
        }
        done = true;
        stopRace();
        Connection established = connection;
        if (established != null) {
            established.close(CloseType.NO_FLUSH, null);
        }
    }
}
