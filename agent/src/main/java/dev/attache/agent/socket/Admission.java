package dev.attache.agent.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect to a socket: so many of one user of the host, whatever others hold. What comes
 * beyond is closed at once and said once until there is room again. First in the pipeline of the
 * listening socket, on its loop; connections end there, too.
 */
final class Admission extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private final String path;
    private final int mostOfOneUser;
    private final Map<Integer, Integer> connected = new HashMap<>();
    private boolean said;

    Admission(String path, int mostOfOneUser) {
        this.path = path;
        this.mostOfOneUser = mostOfOneUser;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel channel = (Channel) accepted;
        int user = user(channel);
        if (connected.getOrDefault(user, 0) >= mostOfOneUser) {
            refuse(channel, user);
            return;
        }
        connected.merge(user, 1, Integer::sum);
        channel.closeFuture().addListener(gone -> ctx.executor().execute(() -> left(user)));
        ctx.fireChannelRead(accepted);
    }

    private void left(int user) {
        said = false;
        int others = connected.getOrDefault(user, 1) - 1;
        if (others == 0) {
            connected.remove(user);
        } else {
            connected.put(user, others);
        }
    }

    private void refuse(Channel channel, int user) {
        channel.unsafe().closeForcibly();
        if (!said) {
            said = true;
            LOG.warn(
                    "{} connections of user {} are open on {}: more are closed",
                    mostOfOneUser,
                    user,
                    path);
        }
    }

    /** Of the other side; -1 where the system does not say. */
    private static int user(Channel channel) {
        try {
            return channel instanceof EpollDomainSocketChannel socket
                    ? socket.peerCredentials().uid()
                    : -1;
        } catch (IOException e) {
            LOG.debug("nobody knows who connected", e);
            return -1;
        }
    }
}
