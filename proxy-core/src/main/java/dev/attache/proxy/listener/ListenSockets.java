package dev.attache.proxy.listener;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.listener.spec.SocketOption;
import dev.attache.proxy.listener.spec.SocketSettings;
import dev.attache.proxy.worker.Faults;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.DirectBind;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of one listener: for each address one per worker (SO_REUSEPORT) or one that
 * deals connections out. They outlive versions of the listener that keep addresses and socket
 * settings, so that an update never leaves a gap in which a connection is refused. Owned by the
 * publishing thread.
 *
 * <p>Longer than files here should be: binding, handing on and closing of each kind of socket undo
 * one another.
 */
public final class ListenSockets {

    private static final Logger LOG = LoggerFactory.getLogger("connection");

    private final ListenerSpec spec;
    private final List<WorkerListeners> workers;
    private final List<Listening> sockets = new ArrayList<>();
    private final List<Address> bound = new ArrayList<>();

    /** Exact balance: connections given to each worker and still open. */
    private final AtomicIntegerArray given;

    /** Nothing is to be accepted; written by the publishing thread. */
    private volatile boolean paused;

    private int turn;

    /**
     * @param address as bound
     */
    private record Listening(Channel channel, String address) {}

    private ListenSockets(ListenerSpec spec, List<WorkerListeners> workers) {
        this.spec = spec.ofSockets();
        this.workers = workers;
        this.given = new AtomicIntegerArray(workers.size());
    }

    /** Two versions of a listener can use the same sockets. */
    public static boolean interchangeable(ListenerSpec a, ListenerSpec b) {
        return a.address().equals(b.address())
                && a.additionalAddresses().equals(b.additionalAddresses())
                && a.bindToPort() == b.bindToPort()
                && a.connectionBalance() == b.connectionBalance()
                && a.maxConnectionsToAcceptPerSocketEvent()
                        == b.maxConnectionsToAcceptPerSocketEvent()
                && a.socket().equals(b.socket());
    }

    /**
     * Binds every address of {@code spec}; nothing is accepted before {@link #accept}. Done by
     * system calls of the calling thread, whatever the workers are doing (over NIO it waits for
     * them), so not for a worker's thread.
     *
     * @param inherited sockets of the process before, which are taken in place of new ones
     * @throws IOException in Envoy's words if an address cannot be bound; nothing stays bound then
     */
    public static ListenSockets bind(
            ListenerSpec spec, List<WorkerListeners> workers, InheritedSockets inherited)
            throws IOException {
        AcceptFaults.prepare();
        ListenSockets sockets = new ListenSockets(spec, workers);
        if (spec.address() instanceof InternalAddress internal) {
            sockets.bound.add(internal);
            return sockets;
        }
        if (!spec.bindToPort()) {
            return sockets;
        }
        boolean complete = false;
        try {
            sockets.bindAddress(
                    spec.address(), spec.socket().options(), spec.socket().keepalive(), inherited);
            for (ListenerSpec.AdditionalAddress more : spec.additionalAddresses()) {
                sockets.bindAddress(
                        more.address(),
                        more.options() != null ? more.options() : spec.socket().options(),
                        more.keepalive() != null ? more.keepalive() : spec.socket().keepalive(),
                        inherited);
            }
            complete = true;
        } finally {
            if (!complete) {
                sockets.close();
            }
        }
        return sockets;
    }

    /** A listener without sockets: where none is to be opened any more. */
    public static ListenSockets none(ListenerSpec spec, List<WorkerListeners> workers) {
        return new ListenSockets(spec, workers);
    }

    private void bindAddress(
            Address address,
            List<SocketOption> options,
            SocketSettings.@Nullable TcpKeepalive keepalive,
            InheritedSockets inherited)
            throws IOException {
        List<Integer> there = Epoll.isAvailable() ? inherited.at(address) : List.of();
        if (!there.isEmpty()) {
            takeOver(address, there, options, keepalive);
            bound.add(address);
            return;
        }
        if (address instanceof IpAddress ip) {
            bound.add(bindEach(ip, options, keepalive));
            return;
        }
        if (address instanceof PipeAddress pipe) {
            unlink(pipe);
            bindOne(pipe, options, null, 0, false);
            chmod(pipe);
        }
        bound.add(address);
    }

    /**
     * Sockets of another process: all are served, whatever the number of workers, for each has a
     * queue of its own; workers that get none have a new one beside them.
     */
    private void takeOver(
            Address address,
            List<Integer> descriptors,
            List<SocketOption> options,
            SocketSettings.@Nullable TcpKeepalive keepalive)
            throws IOException {
        boolean unix = address instanceof PipeAddress;
        List<Channel> taken =
                descriptors.stream().<Channel>map(fd -> DirectBind.listening(fd, unix)).toList();
        boolean perWorker = false;
        int started = 0;
        try {
            perWorker = perWorker() && !unix && SocketTuning.sharesPort(taken.getFirst());
            for (Channel channel : taken) {
                if (keepalive != null && !unix) {
                    SocketTuning.keepalive(channel, keepalive);
                }
                SocketTuning.options(channel, options, SocketOption.State.PREBIND);
                int worker = perWorker ? started % workers.size() : 0;
                started++;
                start(channel, address, options, worker, perWorker);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            for (Channel left : taken.subList(started, taken.size())) {
                left.unsafe().closeForcibly();
            }
        }
        for (int worker = started; perWorker && worker < workers.size(); worker++) {
            bindOne(address, options, keepalive, worker, true);
        }
    }

    private boolean perWorker() {
        return spec.socket().reusePort()
                && Epoll.isAvailable()
                && spec.connectionBalance() == ListenerSpec.ConnectionBalance.NONE;
    }

    /** With a socket for each worker, or one; returns the address with the port that it got. */
    private IpAddress bindEach(
            IpAddress ip,
            List<SocketOption> options,
            SocketSettings.@Nullable TcpKeepalive keepalive)
            throws IOException {
        boolean perWorker = perWorker();
        IpAddress at = ip;
        for (int i = 0; i < (perWorker ? workers.size() : 1); i++) {
            Channel channel = bindOne(at, options, keepalive, i, perWorker);
            at = ip.withPort(((IpAddress) Address.of(channel.localAddress())).port());
        }
        return at;
    }

    private Channel bindOne(
            Address address,
            List<SocketOption> options,
            SocketSettings.@Nullable TcpKeepalive keepalive,
            int worker,
            boolean perWorker)
            throws IOException {
        boolean epoll = Epoll.isAvailable();
        Channel channel = newChannel(address, epoll);
        boolean v6 = address instanceof IpAddress ip && ip.isV6();
        boolean handed = false;
        try {
            // Another process may listen beside it, however the workers share what comes.
            boolean shared = address instanceof IpAddress && spec.socket().reusePort();
            SocketTuning.beforeBind(channel, spec, shared, v6, epoll);
            if (keepalive != null && epoll) {
                SocketTuning.keepalive(channel, keepalive);
            }
            SocketTuning.options(channel, options, SocketOption.State.PREBIND);
            channel = listenDirectly(channel, address);
            handed = true;
            start(channel, address, options, worker, perWorker);
            return channel;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            if (!handed) {
                channel.unsafe().closeForcibly();
            }
        }
    }

    /** Gives a socket to its worker's loop; it is closed where that does not succeed. */
    private void start(
            Channel channel,
            Address address,
            List<SocketOption> options,
            int worker,
            boolean perWorker)
            throws IOException {
        boolean ok = false;
        try {
            SocketTuning.accepting(channel, spec);
            channel.pipeline().addLast(new Dealer(perWorker ? worker : -1, worker));
            ChannelFuture registered = workers.get(worker).worker().eventLoop().register(channel);
            if (!Epoll.isAvailable()) {
                require(registered, address);
                require(channel.bind(address.toSocketAddress()), address);
            }
            SocketTuning.options(channel, options, SocketOption.State.BOUND);
            SocketTuning.options(channel, options, SocketOption.State.LISTENING);
            sockets.add(new Listening(channel, asBound(address, channel)));
            ok = true;
        } finally {
            if (!ok) {
                channel.close();
            }
        }
    }

    private static String asBound(Address address, Channel channel) {
        return address instanceof IpAddress ip
                ? ip.withPort(((IpAddress) Address.of(channel.localAddress())).port()).toString()
                : address.toString();
    }

    private static Channel listenDirectly(Channel channel, Address address) throws IOException {
        try {
            return DirectBind.listen(channel, address.toSocketAddress());
        } catch (IOException e) {
            throw cannotBind(address, e);
        }
    }

    private static Channel newChannel(Address address, boolean epoll) {
        if (address instanceof PipeAddress) {
            if (!epoll) {
                throw new IllegalArgumentException("Unix sockets need the epoll transport");
            }
            return new EpollServerDomainSocketChannel();
        }
        if (!epoll) {
            return new NioServerSocketChannel();
        }
        return new EpollServerSocketChannel(
                address instanceof IpAddress ip && ip.isV6()
                        ? SocketProtocolFamily.INET6
                        : SocketProtocolFamily.INET);
    }

    private static void require(ChannelFuture future, Address address) throws IOException {
        future.awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw cannotBind(address, future.cause());
        }
    }

    private static IOException cannotBind(Address address, Throwable cause) {
        return new IOException("cannot bind '" + address + "': " + reason(cause), cause);
    }

    /** strerror's words, as Envoy prints them. */
    private static String reason(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        for (String known :
                List.of(
                        "Address already in use",
                        "Cannot assign requested address",
                        "Permission denied",
                        "No such file or directory")) {
            if (text.contains(known)) {
                return known;
            }
        }
        return text;
    }

    private static void unlink(PipeAddress pipe) throws IOException {
        if (!pipe.isAbstract()) {
            Files.deleteIfExists(Path.of(pipe.path()));
        }
    }

    private static void chmod(PipeAddress pipe) throws IOException {
        if (pipe.isAbstract() || pipe.mode() == 0) {
            return;
        }
        PosixFilePermission[] fromHigh = PosixFilePermission.values();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < fromHigh.length; i++) {
            if ((pipe.mode() & (0400 >> i)) != 0) {
                permissions.add(fromHigh[i]);
            }
        }
        Files.setPosixFilePermissions(Path.of(pipe.path()), permissions);
    }

    /** Addresses as bound, port 0 replaced by what the kernel chose; empty without sockets. */
    public List<Address> bound() {
        return List.copyOf(bound);
    }

    public ListenerSpec spec() {
        return spec;
    }

    /** From now on connections are accepted. */
    public void accept() {
        paused = false;
        sockets.forEach(socket -> socket.channel().config().setAutoRead(true));
    }

    /** Accepts no more, but keeps the sockets: {@code stop_accepting_connections}. */
    public void pause() {
        paused = true;
        for (Listening socket : sockets) {
            Channel channel = socket.channel();
            // Off its loop the transport would still accept the one that it waits for.
            channel.eventLoop().execute(() -> channel.config().setAutoRead(!paused));
        }
    }

    /**
     * Closes the sockets, each on its worker's loop. Idempotent.
     *
     * @return done when all are closed
     */
    public CompletableFuture<Void> close() {
        CompletableFuture<?>[] closing = new CompletableFuture<?>[sockets.size()];
        for (int i = 0; i < closing.length; i++) {
            CompletableFuture<Void> closed = new CompletableFuture<>();
            sockets.get(i).channel().close().addListener(done -> closed.complete(null));
            closing[i] = closed;
        }
        sockets.clear();
        return CompletableFuture.allOf(closing);
    }

    /**
     * Descriptors of the sockets that listen at {@code address}, as {@code Address.toString} names
     * it once bound. They stay this listener's, and are valid until it closes.
     */
    public List<Integer> descriptors(String address) {
        return sockets.stream()
                .filter(socket -> socket.address().equals(address))
                .filter(socket -> socket.channel() instanceof UnixChannel)
                .map(socket -> ((UnixChannel) socket.channel()).fd().intValue())
                .toList();
    }

    /** Deals accepted channels to workers: its own, in turn, or the least busy. */
    private final class Dealer extends ChannelInboundHandlerAdapter {

        private final int fixed;
        private final WorkerListeners home;

        /**
         * @param fixed the worker that gets all of them, or -1
         * @param home the worker whose loop accepts
         */
        Dealer(int fixed, int home) {
            this.fixed = fixed;
            this.home = workers.get(home);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel child = (Channel) message;
            child.config().setAutoRead(false);
            WorkerListeners target = workers.get(fixed >= 0 ? fixed : choose(child));
            target.worker()
                    .eventLoop()
                    .register(child)
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            hand(target, child);
                        } else {
                            child.unsafe().closeForcibly();
                        }
                    });
        }

        /** A room that throws costs this connection, not the listener. */
        private void hand(WorkerListeners target, Channel child) {
            try {
                target.accepted(spec.name(), child);
            } catch (Throwable e) {
                Faults.contain(e);
                LOG.error("connection of listener '{}' failed at accept", spec.name(), e);
                child.unsafe().closeForcibly();
            }
        }

        private int choose(Channel child) {
            if (spec.connectionBalance() == ListenerSpec.ConnectionBalance.EXACT) {
                int best = 0;
                for (int i = 1; i < workers.size(); i++) {
                    if (given.get(i) < given.get(best)) {
                        best = i;
                    }
                }
                int chosen = best;
                given.incrementAndGet(chosen);
                child.closeFuture().addListener(done -> given.decrementAndGet(chosen));
                return best;
            }
            turn = (turn + 1) % workers.size();
            return turn;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // EMFILE and its like: breathe, do not spin; what serves goes on serving.
            Channel channel = ctx.channel();
            channel.config().setAutoRead(false);
            AcceptFaults.failed("listener '" + spec.name() + "'", cause);
            home.acceptFailed(spec.name());
            channel.eventLoop()
                    .schedule(
                            () -> {
                                if (!paused) {
                                    channel.config().setAutoRead(true);
                                }
                            },
                            100,
                            java.util.concurrent.TimeUnit.MILLISECONDS);
        }
    }
}
