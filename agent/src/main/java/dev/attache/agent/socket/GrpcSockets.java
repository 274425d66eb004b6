package dev.attache.agent.socket;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves gRPC services on Unix sockets, on one loop of their own, and by gRPC's in-process
 * transport under the socket's path. Calls are answered on virtual threads, which may block. Open
 * to all users of the host, as Istio's agent has it: the directory says who may come. Any thread.
 */
public final class GrpcSockets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    /** What a connection, and a stream, may send before it is read. */
    private static final int WINDOW = 64 * 1024;

    /** A connection without a call is closed after this. */
    private static final long IDLE_MINUTES = 10;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1,
                    new DefaultThreadFactory("agent-sockets", true),
                    EpollIoHandler.newFactory());
    private final ExecutorService calls =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("agent-call-", 0).factory());
    private final List<Server> servers = new ArrayList<>();
    private final Map<Path, Object> paths = new HashMap<>();
    private final Map<String, String> inProcess = new HashMap<>();

    /**
     * What a server takes. All but the first two are for the socket alone: what is in this process
     * is not kept out by others.
     *
     * @param maxRequestBytes of one message
     * @param maxStreams of one connection
     * @param mostConnections of one user of the host
     * @param mostCalls at once, of all
     * @param mostUnfinished bytes of messages that have not come whole yet, of all
     */
    public record Limits(
            int maxRequestBytes,
            int maxStreams,
            int mostConnections,
            int mostCalls,
            long mostUnfinished) {

        /** With more connections and calls than a proxy and its neighbours have. */
        public static Limits of(int maxRequestBytes, int maxStreams) {
            return new Limits(
                    maxRequestBytes,
                    maxStreams,
                    256,
                    4096,
                    Math.max(16L << 20, 2L * maxRequestBytes));
        }
    }

    /**
     * Serves on a socket; what is left there of a process that is gone is removed.
     *
     * @param configured the path as the proxy's configuration writes it
     * @param path where it is
     * @throws IOException if it cannot be bound
     */
    public synchronized void serve(
            String configured, Path path, BindableService service, Limits limits)
            throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            ownDirectory(directory);
        }
        if (Files.deleteIfExists(path)) {
            LOG.warn(
                    "{} is left of an agent that did not end by itself: it was killed, perhaps for"
                            + " its memory",
                    path);
        }
        servers.add(start(InProcessServerBuilder.forName(configured), service, limits));
        inProcess.put(configured, configured);
        NettyServerBuilder socket =
                NettyServerBuilder.forAddress(new DomainSocketAddress(path.toString()))
                        .channelFactory(() -> listening(path, limits))
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        // gRPC sets it for TCP; on a Unix socket each connection would be warned of
                        .withChildOption(ChannelOption.SO_KEEPALIVE, null)
                        .flowControlWindow(WINDOW)
                        .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
                        .maxConcurrentCallsPerConnection(limits.maxStreams())
                        .intercept(new CallLimit(limits.mostCalls()))
                        .addStreamTracerFactory(new UnfinishedMessages(limits.mostUnfinished()));
        servers.add(start(socket, service, limits));
        paths.put(path, key(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    private static ServerChannel listening(Path path, Limits limits) {
        ServerChannel channel = new EpollServerDomainSocketChannel();
        channel.pipeline().addFirst(new Admission(path.toString(), limits.mostConnections()));
        return channel;
    }

    /** Makes the directory where there is none, closed to other users as Istio's agent has it. */
    private static void ownDirectory(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-x---")));
        }
    }

    private Server start(ServerBuilder<?> builder, BindableService service, Limits limits)
            throws IOException {
        return builder.addService(service)
                .maxInboundMessageSize(limits.maxRequestBytes())
                .executor(calls)
                .build()
                .start();
    }

    /** Names of the in-process servers by the paths that stand for them. */
    public synchronized Map<String, String> inProcess() {
        return Map.copyOf(inProcess);
    }

    /** Which file it is, whatever its name. */
    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path : key;
    }

    /** Ends the calls and removes the sockets, but for those that another agent has made since. */
    @Override
    public synchronized void close() throws IOException {
        servers.forEach(Server::shutdownNow);
        calls.shutdownNow();
        for (Map.Entry<Path, Object> bound : paths.entrySet()) {
            Path path = bound.getKey();
            if (Files.exists(path) && key(path).equals(bound.getValue())) {
                Files.delete(path);
            }
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
