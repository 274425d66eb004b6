package dev.attache.iptables.netns;

import dev.attache.iptables.guard.Arrival;
import dev.attache.iptables.guard.Arrival.Direction;
import dev.attache.iptables.guard.Guard;
import dev.attache.iptables.guard.Verdict;
import dev.attache.iptables.socket.NativeSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small proxy for tests: takes what is redirected to it, says where it was going, connects there
 * and passes on the answer. Asks the loop guard before each of the two. One thread per listener and
 * per connection.
 */
public final class Relay implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 3000;
    private static final int MARK = 1337;

    /** How a listener takes connections. */
    public enum Kind {
        OUTBOUND,
        INBOUND,
        INBOUND_TRANSPARENT
    }

    private final NativeSocket listener;
    private final Kind kind;
    private final Guard guard;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean over;
    private volatile Thread thread = Thread.currentThread();

    private Relay(NativeSocket listener, Kind kind, Guard guard) {
        this.listener = listener;
        this.kind = kind;
        this.guard = guard;
    }

    /** Starts one on a wildcard address, as the proxy's user. */
    static Relay start(Namespace at, Kind kind, boolean v6, int port, Guard guard)
            throws IOException {
        return at.in(() -> {
            // In TPROXY mode the proxy is root with its own group, as in Istio: the rule
            // "not the proxy's user, over the loopback" is what lets it reach the
            // application from the client's address.
            ThreadUser.become(kind == Kind.INBOUND_TRANSPARENT ? 0 : Stage.PROXY, Stage.PROXY);
            InetAddress any = InetAddress.getByAddress(new byte[v6 ? 16 : 4]);
            NativeSocket listener =
                    NativeSocket.listen(
                            new InetSocketAddress(any, port), kind == Kind.INBOUND_TRANSPARENT);
            listener.timeout(50);
            Relay relay = new Relay(listener, kind, guard);
            relay.thread = Thread.ofPlatform().daemon().start(relay::listen);
            return relay;
        });
    }

    /** Connections taken so far. */
    public int connections() {
        return connections.get();
    }

    private void listen() {
        try (listener) {
            while (!over) {
                NativeSocket client = listener.accept();
                if (client != null) {
                    connections.incrementAndGet();
                    Thread.ofPlatform().daemon().start(() -> serve(client));
                }
            }
        } catch (IOException e) {
            System.out.println("relay " + kind + ": " + e);
        }
    }

    private Direction direction() {
        return kind == Kind.OUTBOUND ? Direction.OUTBOUND : Direction.INBOUND;
    }

    private void serve(NativeSocket client) {
        try (client) {
            client.timeout(PATIENCE_MILLIS);
            InetSocketAddress target =
                    kind == Kind.INBOUND_TRANSPARENT
                            ? client.local()
                            : client.originalDestination();
            try {
                judge(client, target);
            } finally {
                guard.gone(client.peer(), target);
            }
        } catch (IOException e) {
            System.out.println("relay " + kind + ": " + e.getMessage());
        }
    }

    private void judge(NativeSocket client, InetSocketAddress target) throws IOException {
        Verdict verdict =
                guard.accepted(Arrival.of(direction(), client.peer(), client.local(), target));
        if (verdict instanceof Verdict.Allow allow) {
            say(client, target);
            forward(client, target, allow);
        }
    }

    private void say(NativeSocket client, InetSocketAddress target) throws IOException {
        String line =
                (kind == Kind.OUTBOUND ? "outbound " : "inbound ")
                        + Banner.text(target.getAddress(), target.getPort())
                        + " from "
                        + Banner.host(client.peer().getAddress())
                        + "\n";
        client.write(line.getBytes(StandardCharsets.US_ASCII));
    }

    private void forward(NativeSocket client, InetSocketAddress target, Verdict.Allow allow)
            throws IOException {
        boolean v6 = target.getAddress().getAddress().length == 16;
        try (NativeSocket upstream = NativeSocket.open(v6)) {
            upstream.timeout(PATIENCE_MILLIS);
            if (kind == Kind.INBOUND_TRANSPARENT) {
                upstream.transparent();
                upstream.mark(MARK);
            }
            boolean bound = bind(upstream, source(client, v6));
            if (!bound) {
                upstream.connect(target);
            }
            InetSocketAddress local = upstream.local();
            if (guard.connecting(allow, local, target) instanceof Verdict.Allow) {
                try {
                    if (bound) {
                        upstream.connect(target);
                    }
                    copy(upstream, client);
                } finally {
                    guard.closed(local, target);
                }
            }
        }
    }

    /** False if the address is not this host's: the client is another one. */
    private static boolean bind(NativeSocket upstream, InetSocketAddress source) {
        try {
            upstream.bind(source);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Where an upstream connection comes from: the client's own address in TPROXY mode, 127.0.0.6
     * or ::6 inbound, else whatever routing says; here the address the client used, so that the
     * guard knows it before the connection is made.
     */
    private InetSocketAddress source(NativeSocket client, boolean v6) throws IOException {
        return switch (kind) {
            case INBOUND_TRANSPARENT -> new InetSocketAddress(client.peer().getAddress(), 0);
            case INBOUND -> {
                byte[] six = v6 ? new byte[16] : new byte[] {127, 0, 0, 0};
                six[six.length - 1] = 6;
                yield new InetSocketAddress(InetAddress.getByAddress(six), 0);
            }
            case OUTBOUND -> new InetSocketAddress(client.peer().getAddress(), 0);
        };
    }

    private static void copy(NativeSocket from, NativeSocket to) throws IOException {
        for (byte[] part = from.read(4096); part.length > 0; part = from.read(4096)) {
            to.write(part);
        }
    }

    @Override
    public void close() throws Exception {
        over = true;
        thread.join(PATIENCE_MILLIS);
    }
}
