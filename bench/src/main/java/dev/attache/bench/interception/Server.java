package dev.attache.bench.interception;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Answers every 128 bytes with as many bytes as their first four say. One thread, which owns all of
 * it.
 */
final class Server {
    private final Selector selector;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);

    Server(int port) throws IOException {
        selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
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
                SocketChannel socket = listener.accept();
                socket.configureBlocking(false);
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                socket.register(selector, SelectionKey.OP_READ, new Session(socket));
            } else {
                ((Session) key.attachment()).serve(key);
            }
        } catch (IOException e) {
            // The client ended its connections with its measurement.
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            System.err.println("close: " + e);
        }
    }

    /** One connection. */
    private final class Session {
        private final SocketChannel socket;
        private final ByteBuffer request = ByteBuffer.allocateDirect(Load.REQUEST_BYTES);
        private int owed;

        Session(SocketChannel socket) {
            this.socket = socket;
        }

        void serve(SelectionKey key) throws IOException {
            if (owed == 0) {
                if (socket.read(request) < 0) {
                    close(key);
                    return;
                }
                if (request.hasRemaining()) {
                    return;
                }
                owed = request.getInt(0);
                request.clear();
            }
            while (owed > 0) {
                int written = socket.write(zeros.clear().limit(Math.min(owed, 1 << 16)));
                owed -= written;
                if (written == 0) {
                    break;
                }
            }
            key.interestOps(owed > 0 ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }
}
