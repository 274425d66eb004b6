package dev.attache.server.restart;

import dev.attache.server.restart.RestartMessage.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process that wants to take over, and what it asks for. Main loop. */
final class ChildConversation extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final ChildDoor door;
    private final Succession succession;
    private boolean welcome;
    private boolean serves;
    private boolean ended;
    private long pid;

    ChildConversation(ChildDoor door, Succession succession) {
        this.door = door;
        this.succession = succession;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws IOException {
        PeerCredentials peer = ((EpollDomainSocketChannel) ctx.channel()).peerCredentials();
        if (peer.uid() != door.ownUser()) {
            LOG.warn(
                    "a process of user {} (pid {}) may not take over from one of user {}",
                    peer.uid(),
                    peer.pid(),
                    door.ownUser());
            refuse(ctx, "only a process of the same user may take over");
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
        int kind = frame.readByte();
        RestartMessage message;
        try {
            message = RestartMessage.of(kind, frame.toString(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            refuse(ctx, String.valueOf(e.getMessage()));
            return;
        }
        if (message.kind() == Kind.HELLO) {
            hello(ctx, message.text());
        } else if (welcome) {
            answer(ctx, message);
        } else {
            refuse(ctx, "no conversation begins with " + message.kind());
        }
    }

    /** Takes what those of every version say first: {@code version epoch pid …}. */
    private void hello(ChannelHandlerContext ctx, String text) {
        String[] parts = text.split(" ", -1);
        String reason = parts.length < 3 ? "no greeting: " + text : door.refusal(this, parts);
        if (reason == null) {
            reason = succession.refusal();
        }
        if (reason != null) {
            LOG.warn("a process that wants to take over is refused: {}", reason);
            refuse(ctx, reason);
            return;
        }
        welcome = true;
        pid = Long.parseLong(parts[2]);
        door.welcomed(this);
        say(
                ctx,
                Kind.WELCOME,
                ProcessHandle.current().pid() + " " + succession.firstEpochSeconds());
    }

    private void answer(ChannelHandlerContext ctx, RestartMessage message) {
        switch (message.kind()) {
            case ADMIN -> give(ctx, succession.yieldAdmin(message.text()));
            case LISTEN -> give(ctx, serves ? List.of() : succession.listening(message.text()));
            case STATS -> say(ctx, Kind.STATS, succession.stats());
            case DRAIN -> {
                serves = true;
                succession.drain(pid);
                say(ctx, Kind.DONE, "");
            }
            case TERMINATE -> {
                ended = true;
                say(ctx, Kind.DONE, "");
                succession.terminate();
            }
            default -> refuse(ctx, message.kind() + " is no request");
        }
    }

    private static void give(ChannelHandlerContext ctx, List<Integer> descriptors) {
        say(ctx, Kind.SOCKETS, Integer.toString(descriptors.size()));
        for (int descriptor : descriptors) {
            ctx.write(new FileDescriptor(descriptor));
        }
        ctx.flush();
    }

    private static void say(ChannelHandlerContext ctx, Kind kind, String text) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(new RestartMessage(kind, text).encoded()));
    }

    private static void refuse(ChannelHandlerContext ctx, String reason) {
        ctx.writeAndFlush(
                        Unpooled.wrappedBuffer(new RestartMessage(Kind.REFUSED, reason).encoded()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Whether it has taken over. */
    boolean serves() {
        return serves;
    }

    /** Which process it is, once it is welcome. */
    long pid() {
        return pid;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (welcome && door.left(this) && !ended) {
            succession.lost(serves);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, @Nullable Throwable cause) {
        LOG.warn("the process that takes over (pid {}) is not understood", pid, cause);
        ctx.close();
    }
}
