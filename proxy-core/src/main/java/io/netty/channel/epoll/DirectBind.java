package io.netty.channel.epoll;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.NullMarked;

/**
 * Binds the socket of a listening epoll channel on the calling thread, before any loop knows of it.
 * Stands in Netty's package because a channel binds through its loop only: who publishes a
 * configuration would have to wait for a worker that may be busy, to learn whether an address can
 * be had.
 */
@NullMarked
public final class DirectBind {

    private DirectBind() {}

    /**
     * Binds and listens; connections queue in the kernel until the result is registered and reads.
     *
     * @param draft has its socket options set, is not registered, and is not to be used after
     *     success: its socket belongs to the result, whose own configuration is as new
     * @return a channel of that socket; {@code draft}, not bound, where it is of another kind
     * @throws IOException what the system call says; {@code draft} is still open
     */
    public static Channel listen(Channel draft, SocketAddress address) throws IOException {
        if (draft instanceof EpollServerSocketChannel tcp) {
            tcp.socket.bind(address);
            int fastOpen = tcp.config().getTcpFastopen();
            if (fastOpen > 0 && Native.IS_SUPPORTING_TCP_FASTOPEN_SERVER) {
                tcp.socket.setTcpFastOpen(fastOpen);
            }
            tcp.socket.listen(tcp.config().getBacklog());
            return new EpollServerSocketChannel(tcp.socket, true);
        }
        if (draft instanceof EpollServerDomainSocketChannel unix) {
            unix.socket.bind(address);
            unix.socket.listen(((EpollServerChannelConfig) unix.config()).getBacklog());
            return new EpollServerDomainSocketChannel(unix.socket, true);
        }
        return draft;
    }

    /**
     * A channel of a socket that listens already, of this process or another: both take connections
     * from the same queue.
     *
     * @param descriptor belongs to the result
     * @param unix whether it is a Unix socket
     */
    public static ServerChannel listening(int descriptor, boolean unix) {
        return unix
                ? new EpollServerDomainSocketChannel(new LinuxSocket(descriptor), true)
                : new EpollServerSocketChannel(new LinuxSocket(descriptor), true);
    }
}
