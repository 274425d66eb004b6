package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.connection.userspace.InternalListeners;
import dev.attache.proxy.connection.userspace.Passthrough;
import dev.attache.proxy.connection.userspace.UserSpaceChannel;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import java.net.ConnectException;

/**
 * Reaches internal listeners of the same worker. A listener that leads to itself, in however many
 * steps, would go on for ever: a connection that has come through {@link #MAX_HOPS} of them is
 * refused. Loop-confined.
 *
 * @param listeners who is there
 * @param bufferBytes of each direction, {@code buffer_size_kb}
 */
public record InternalDial(InternalListeners listeners, int bufferBytes) {

    /** Internal connections that one accepted from outside may come through, one behind another. */
    public static final int MAX_HOPS = 32;

    /** Reaches nobody: on the main thread, as in Envoy. */
    public static final InternalDial NONE = new InternalDial(new Nobody(), 1);

    /** A class of its own, as a lambda would load those of its parameters with every start. */
    private static final class Nobody implements InternalListeners {

        @Override
        public boolean accept(
                InternalAddress to, UserSpaceChannel accepted, Passthrough passthrough, int hops) {
            return false;
        }
    }

    /** Where nobody listens, in Envoy's words. */
    static final class NobodyListens extends ConnectException {

        private static final long serialVersionUID = 1L;

        NobodyListens(InternalAddress to) {
            super("immediate connect error: Invalid argument|remote address:" + to);
        }
    }

    /**
     * The listener has the connection when this returns; who dials hears of it in the next task of
     * the loop.
     *
     * @param hops that the connection came through which this is dialled for
     */
    ChannelFuture connect(
            WorkerContext worker, InternalAddress to, Passthrough passthrough, int hops) {
        UserSpaceChannel.Pair pair = UserSpaceChannel.pair(to, bufferBytes);
        UserSpaceChannel client = pair.client();
        UserSpaceChannel server = pair.server();
        worker.eventLoop().register(client);
        server.config().setAutoRead(false);
        worker.eventLoop().register(server);
        ChannelPromise connecting = client.newPromise();
        // Before the listener can have anything sent: that is read behind it.
        boolean[] refused = {false};
        worker.eventLoop()
                .execute(() -> {
                    if (refused[0]) {
                        client.close();
                        connecting.tryFailure(new NobodyListens(to));
                    } else {
                        connecting.trySuccess();
                    }
                });
        if (hops >= MAX_HOPS || !listeners.accept(to, server, passthrough, hops + 1)) {
            server.close();
        }
        // Also where the listener has closed it at once, without a word.
        refused[0] = !server.isOpen() && !client.hasUnread();
        return connecting;
    }
}
