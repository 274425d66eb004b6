package dev.attache.server.supervision;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The socket that a supervisor listens at for what its services say: datagrams of lines {@code
 * NAME=value}. A socket for each datagram, which is seldom; any thread. Source: sd_notify(3).
 */
final class NotifySocket {

    private final String path;

    /**
     * @param path absolute, or {@code @name} for an abstract one
     */
    NotifySocket(String path) {
        this.path = path.startsWith("@") ? "\0" + path.substring(1) : path;
    }

    /**
     * @throws IOException when nobody listens, or there are no such sockets here
     */
    void send(String lines) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("Unix sockets need the epoll transport");
        }
        Socket socket = Socket.newSocketDomainDgram();
        try {
            socket.connect(new DomainSocketAddress(path));
            byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            int sent = socket.send(buffer, 0, bytes.length);
            if (sent != bytes.length) {
                throw new IOException("it takes no more for now");
            }
        } finally {
            socket.close();
        }
    }
}
