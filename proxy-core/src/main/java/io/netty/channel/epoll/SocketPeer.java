package io.netty.channel.epoll;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.NullMarked;

/**
 * Who is at the other end of a Unix socket that no channel has. Stands in Netty's package because
 * only channels tell it elsewhere.
 */
@NullMarked
public final class SocketPeer {

    private SocketPeer() {}

    /**
     * The number of the user at the other end of a connected Unix socket (SO_PEERCRED).
     *
     * @throws IOException when it is not connected
     */
    public static int user(Socket socket) throws IOException {
        return new LinuxSocket(socket.intValue()).getPeerCredentials().uid();
    }
}
