package dev.attache.server.restart;

import dev.attache.server.lifecycle.ProcessUser;
import dev.attache.server.restart.RestartMessage.Kind;
import io.netty.channel.epoll.SocketPeer;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The way to the process before this one. Asks and waits for the answer, for a time: what is asked
 * stands between two steps of a start. One thread at a time.
 */
final class ParentLink implements AutoCloseable {

    private static final long NAP_NANOS = 500_000;

    private final Socket socket;

    private ParentLink(Socket socket) {
        this.socket = socket;
    }

    /**
     * @throws IOException when nobody waits there
     * @throws RestartException when it is a process of another user: anybody may take an abstract
     *     name
     */
    static ParentLink connect(RestartAddress to) throws IOException, RestartException {
        Socket socket = Socket.newSocketDomain();
        boolean connected = false;
        try {
            if (!socket.connect(to.address()) && !socket.finishConnect()) {
                throw new IOException("it takes nobody at the moment");
            }
            int user = SocketPeer.user(socket);
            int own = ProcessUser.number();
            if (user != own) {
                throw new RestartException(
                        "the process that waits at %s is of user %d, this one of user %d: nothing is taken over"
                                .formatted(to.text(), user, own));
            }
            connected = true;
            return new ParentLink(socket);
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /**
     * @throws IOException when it does not answer in time or has gone
     * @throws RestartException when it refuses
     */
    RestartMessage ask(Kind kind, String text, Duration limit)
            throws IOException, RestartException {
        long deadline = System.nanoTime() + limit.toNanos();
        write(new RestartMessage(kind, text).encoded(), deadline);
        ByteBuffer length = read(RestartMessage.PREFIX, deadline);
        int size = length.getInt();
        if (size < 1 || size > RestartMessage.LONGEST) {
            throw new IOException("a message of " + size + " bytes is none of ours");
        }
        ByteBuffer body = read(size, deadline);
        int answered = body.get();
        RestartMessage answer;
        try {
            answer = RestartMessage.of(answered, StandardCharsets.UTF_8.decode(body).toString());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (answer.kind() == Kind.REFUSED) {
            throw new RestartException(answer.text());
        }
        return answer;
    }

    /**
     * Asks for descriptors, which belong to the caller.
     *
     * @throws IOException as above
     * @throws RestartException as above
     */
    List<Integer> askForSockets(Kind kind, String address, Duration limit)
            throws IOException, RestartException {
        RestartMessage answer = ask(kind, address, limit);
        if (answer.kind() != Kind.SOCKETS) {
            throw new IOException("it answers " + answer.kind() + " where sockets were asked for");
        }
        long deadline = System.nanoTime() + limit.toNanos();
        List<Integer> descriptors = new ArrayList<>();
        boolean whole = false;
        try {
            int count = Integer.parseInt(answer.text());
            while (descriptors.size() < count) {
                int descriptor = socket.recvFd();
                if (descriptor > 0) {
                    descriptors.add(descriptor);
                } else if (descriptor < 0) {
                    throw new IOException("it has gone");
                } else {
                    nap(deadline);
                }
            }
            whole = true;
            return descriptors;
        } finally {
            if (!whole) {
                forsake(descriptors);
            }
        }
    }

    /** The kernel would go on giving connections to sockets that nobody accepts from. */
    private static void forsake(List<Integer> descriptors) throws IOException {
        for (int descriptor : descriptors) {
            new FileDescriptor(descriptor).close();
        }
    }

    private void write(ByteBuffer heap, long deadline) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(heap.remaining()).put(heap).flip();
        int sent = 0;
        while (sent < bytes.limit()) {
            int more = socket.send(bytes, sent, bytes.limit());
            sent += more;
            if (more == 0) {
                nap(deadline);
            }
        }
    }

    private ByteBuffer read(int size, long deadline) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size);
        int got = 0;
        while (got < size) {
            int more = socket.recv(bytes, got, size);
            if (more < 0) {
                throw new IOException("it has gone");
            }
            got += more;
            if (more == 0) {
                nap(deadline);
            }
        }
        return bytes;
    }

    private static void nap(long deadline) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException("it does not answer in time");
        }
        LockSupport.parkNanos(NAP_NANOS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
