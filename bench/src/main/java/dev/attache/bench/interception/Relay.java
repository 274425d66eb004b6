package dev.attache.bench.interception;

import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.OriginalDestination;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The proxy: takes a redirected connection, asks for its original destination as every proxy does,
 * connects to the server on this host and passes bytes on. One thread, which owns all of it.
 */
final class Relay {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Selector selector;
    private final InetSocketAddress server;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private @Nullable Method descriptor;

    Relay(int port, int serverPort) throws IOException {
        selector = Selector.open();
        server = new InetSocketAddress("127.0.0.1", serverPort);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        listener.bind(new InetSocketAddress(port), 1024).configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    void run() throws IOException {
        while (selector.isOpen()) {
            selector.select(this::serve);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel listener) {
                accept(listener.accept());
            } else if (key.isValid()) {
                ((Side) key.attachment()).pump();
            }
        } catch (IOException e) {
            if (key.attachment() instanceof Side side) {
                side.close();
            } else {
                System.err.println("accept: " + e);
            }
        }
    }

    private void accept(SocketChannel client) throws IOException {
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        requireOriginal(client);
        SocketChannel upstream = SocketChannel.open(StandardProtocolFamily.INET);
        upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
        upstream.connect(server);
        upstream.configureBlocking(false);
        Side down = new Side(client, client.register(selector, SelectionKey.OP_READ));
        Side up = new Side(upstream, upstream.register(selector, SelectionKey.OP_READ));
        down.other = up;
        up.other = down;
    }

    private void requireOriginal(SocketChannel client) throws IOException {
        try {
            if (descriptor == null) {
                descriptor = client.getClass().getDeclaredMethod("getFDVal");
                descriptor.setAccessible(true);
            }
            OriginalDestination.ipv4((int) descriptor.invoke(client));
        } catch (KernelException e) {
            System.err.println("not redirected: " + e.getMessage());
            throw e;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of the two sockets of a connection. */
    private final class Side {
        private final SocketChannel socket;
        private final SelectionKey key;
        private @Nullable Side other;
        private @Nullable ByteBuffer unsent;

        Side(SocketChannel socket, SelectionKey key) {
            this.socket = socket;
            this.key = key;
            key.attach(this);
        }

        void pump() throws IOException {
            Side peer = other;
            if (peer == null) {
                return;
            }
            if (key.isWritable()) {
                flush(peer);
            }
            if (key.isValid() && key.isReadable()) {
                if (socket.read(buffer.clear()) < 0) {
                    close();
                    return;
                }
                peer.send(buffer.flip(), this);
            }
        }

        private void send(ByteBuffer bytes, Side from) throws IOException {
            socket.write(bytes);
            if (bytes.hasRemaining()) {
                unsent = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                key.interestOpsOr(SelectionKey.OP_WRITE);
                from.key.interestOpsAnd(~SelectionKey.OP_READ);
            }
        }

        private void flush(Side from) throws IOException {
            ByteBuffer rest = unsent;
            if (rest != null) {
                socket.write(rest);
                if (rest.hasRemaining()) {
                    return;
                }
            }
            unsent = null;
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            from.key.interestOpsOr(SelectionKey.OP_READ);
        }

        void close() {
            Side peer = other;
            other = null;
            try {
                socket.close();
            } catch (IOException e) {
                System.err.println("close: " + e);
            }
            if (peer != null && peer.other != null) {
                peer.close();
            }
        }
    }
}
