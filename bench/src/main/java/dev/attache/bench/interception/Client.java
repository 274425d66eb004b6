package dev.attache.bench.interception;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The application: each connection asks, waits for the whole answer and asks again. One thread. */
final class Client {
    private final InetSocketAddress target;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private long answers;

    Client(InetSocketAddress target) {
        this.target = target;
    }

    /** Runs a load and returns how many answers came. */
    long run(Load load, double seconds) throws IOException {
        answers = 0;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        try (Selector selector = Selector.open()) {
            List<Session> sessions = new ArrayList<>();
            for (int i = 0; i < load.connections(); i++) {
                Session session = new Session(load, selector);
                session.open();
                sessions.add(session);
            }
            while (System.nanoTime() < end) {
                selector.select(this::serve, 100);
            }
            for (Session session : sessions) {
                session.socket.close();
            }
            selector.selectNow();
        }
        return answers;
    }

    private void serve(SelectionKey key) {
        try {
            ((Session) key.attachment()).read();
        } catch (IOException e) {
            throw new IllegalStateException("a connection of the measurement failed", e);
        }
    }

    /** One connection, or one after another. */
    private final class Session {
        private final Load load;
        private final Selector selector;
        private final ByteBuffer request = ByteBuffer.allocateDirect(Load.REQUEST_BYTES);
        private SocketChannel socket;
        private int missing;

        Session(Load load, Selector selector) throws IOException {
            this.load = load;
            this.selector = selector;
            this.socket = connect();
            request.putInt(0, load.answerBytes());
        }

        private SocketChannel connect() throws IOException {
            SocketChannel fresh = SocketChannel.open(StandardProtocolFamily.INET);
            fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
            fresh.connect(target);
            fresh.configureBlocking(false);
            return fresh;
        }

        void open() throws IOException {
            socket.register(selector, SelectionKey.OP_READ, this);
            ask();
        }

        private void ask() throws IOException {
            missing = load.answerBytes();
            socket.write(request.clear());
        }

        void read() throws IOException {
            int read = socket.read(buffer.clear());
            if (read < 0) {
                throw new IOException("the proxy closed the connection");
            }
            missing -= read;
            if (missing > 0) {
                return;
            }
            answers++;
            if (load.reconnects()) {
                socket.close();
                socket = connect();
                open();
            } else {
                ask();
            }
        }
    }
}
