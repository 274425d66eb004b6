package dev.attache.server.restart;

import dev.attache.server.lifecycle.ProcessUser;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.DirectBind;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the next process comes: one at a time may take over, of the same user, the epoch after this
 * one. Bound before anything else is, answers on the main loop once {@link #open}ed.
 */
final class ChildDoor implements AutoCloseable {

    private static final int BACKLOG = 8;

    private final RestartAddress address;
    private final Socket socket;
    private final int ownUser;
    private @Nullable Channel channel;
    private @Nullable ChildConversation child;

    private ChildDoor(RestartAddress address, Socket socket, int ownUser) {
        this.address = address;
        this.socket = socket;
        this.ownUser = ownUser;
    }

    /**
     * @param mode {@code --socket-mode}, of a path
     * @throws IOException when the name is taken, or there are no Unix sockets
     */
    static ChildDoor bind(RestartAddress address, int mode) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("Unix sockets need the epoll transport");
        }
        int user = ProcessUser.number();
        Socket socket = Socket.newSocketDomain();
        boolean bound = false;
        try {
            if (!address.isAbstract()) {
                Files.deleteIfExists(Path.of(address.text()));
            }
            socket.bind(address.address());
            if (!address.isAbstract()) {
                Files.setPosixFilePermissions(Path.of(address.text()), permissions(mode));
            }
            socket.listen(BACKLOG);
            bound = true;
            return new ChildDoor(address, socket, user);
        } finally {
            if (!bound) {
                socket.close();
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] fromHigh = PosixFilePermission.values();
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < fromHigh.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(fromHigh[i]);
            }
        }
        return permissions;
    }

    /** Whoever comes is answered from now on. */
    void open(EventLoop main, Succession succession) {
        channel =
                new ServerBootstrap()
                        .group(main)
                        .channelFactory(() -> DirectBind.listening(socket.intValue(), true))
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel accepted) {
                                        accepted.pipeline()
                                                .addLast(
                                                        new LengthFieldBasedFrameDecoder(
                                                                RestartMessage.LONGEST,
                                                                0,
                                                                RestartMessage.PREFIX,
                                                                0,
                                                                RestartMessage.PREFIX),
                                                        new ChildConversation(
                                                                ChildDoor.this, succession));
                                    }
                                })
                        .register()
                        .channel();
    }

    /** Why a greeting is not welcome, as far as it depends on who came; or null. */
    @Nullable String refusal(ChildConversation who, String[] greeting) {
        int version;
        long epoch;
        try {
            version = Integer.parseInt(greeting[0]);
            epoch = Long.parseLong(greeting[1]);
            Long.parseLong(greeting[2]);
        } catch (NumberFormatException e) {
            return "no greeting: " + String.join(" ", greeting);
        }
        if (version != RestartMessage.VERSION) {
            return "hot restart version mismatch: this process (epoch %d) speaks version %d, the new one version %d; end this one first, with --shutdown-drain-s"
                    .formatted(address.epoch(), RestartMessage.VERSION, version);
        }
        if (epoch != address.epoch() + 1) {
            return "this process is epoch %d: the next one is --restart-epoch %d, not %d"
                    .formatted(address.epoch(), address.epoch() + 1, epoch);
        }
        ChildConversation other = child;
        if (other == null || other == who) {
            return null;
        }
        return other.serves()
                ? "process %d has taken over as epoch %d already"
                        .formatted(other.pid(), address.epoch() + 1)
                : "previous envoy process is still initializing (process %d is starting as epoch %d)"
                        .formatted(other.pid(), address.epoch() + 1);
    }

    int ownUser() {
        return ownUser;
    }

    void welcomed(ChildConversation who) {
        child = who;
    }

    /** Whether it was the one that was welcome. */
    boolean left(ChildConversation who) {
        if (child != who) {
            return false;
        }
        if (!who.serves()) {
            child = null;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        Channel open = channel;
        if (open != null) {
            open.close();
        } else {
            socket.close();
        }
    }
}
