package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.RedirectGuard;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One dial as the guard sees it: tells the guard each address that connect(2) gave a socket, before
 * the loop turns to anything else, and gives up a socket that the guard refuses. Loop-confined.
 */
final class DialGuard {

    static final String NOT_PERMITTED = "Operation not permitted";

    private final RedirectGuard guard;
    private final RedirectGuard.@Nullable Pass cause;

    DialGuard(RedirectGuard guard, RedirectGuard.@Nullable Pass cause) {
        this.guard = guard;
        this.cause = cause;
    }

    /** The first handler of the channel; it removes itself. */
    ChannelHandler handler() {
        return cause == null ? new Bare() : new Watch(cause);
    }

    /** What the system said of a connection that did not come about. */
    void onFailed(Address target, String systemText) {
        if (cause != null && systemText.equals(NOT_PERMITTED)) {
            guard.notPermitted(target);
        }
    }

    /**
     * Nothing but the pipeline's place; the connection adds itself once connected. Of this kind, as
     * Netty has read all annotations of its methods by then: the first dial need not.
     */
    private static final class Bare extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.pipeline().remove(this);
        }
    }

    private final class Watch extends ChannelDuplexHandler {
        private final RedirectGuard.Pass served;

        Watch(RedirectGuard.Pass served) {
            this.served = served;
        }

        @Override
        public void connect(
                ChannelHandlerContext context,
                SocketAddress remote,
                SocketAddress local,
                ChannelPromise promise) {
            if (remote instanceof InetSocketAddress to) {
                guarded(context, Address.of(to), remote, local, promise);
            } else {
                context.connect(remote, local, promise);
            }
            context.pipeline().remove(this);
        }

        private void guarded(
                ChannelHandlerContext context,
                Address to,
                SocketAddress remote,
                SocketAddress local,
                ChannelPromise promise) {
            guard.dialling(served, to);
            context.connect(remote, local, promise);
            Channel channel = context.channel();
            if (channel.localAddress() instanceof InetSocketAddress from) {
                report(channel, Address.of(from), to, promise);
            } else {
                guard.notDialled(to);
            }
        }

        private void report(Channel channel, Address from, Address to, ChannelPromise promise) {
            if (guard.dialled(served, from, to)) {
                channel.closeFuture().addListener(done -> guard.closed(from, to));
            } else {
                promise.tryFailure(new ConnectException("traffic loop"));
                channel.close();
            }
        }
    }
}
