package dev.attache.iptables.ebpf;

import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.OriginalDestination;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A process of the test: an application, a proxy or a server, in the namespace and cgroup where it
 * was started. It takes one command per line and answers each with one line.
 */
final class Actor {
    private static final MethodHandle GETPEERNAME = getpeername();

    private Actor() {}

    public static void main(String[] args) throws Exception {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = perform(line.split(" "));
            } catch (IOException | RuntimeException e) {
                answer = "failed " + e.getClass().getSimpleName() + ": " + e.getMessage();
            }
            System.out.println(answer);
        }
    }

    private static String perform(String[] words) throws IOException {
        return switch (words[0]) {
            case "connect" -> connect(words[1], words[2], Integer.parseInt(words[3]), "");
            case "bound" -> connect(words[1], words[2], Integer.parseInt(words[3]), words[4]);
            case "query" -> query(words, false);
            case "ask" -> query(words, true);
            case "serve" -> serve(words[1], Integer.parseInt(words[2]), Role.SERVER);
            case "proxy" -> serve(words[1], Integer.parseInt(words[2]), Role.PROXY);
            case "relay" -> serve(words[1], Integer.parseInt(words[2]), Role.RELAY);
            case "resolve" -> resolve(words[1], Integer.parseInt(words[2]));
            case "bulk" -> bulk(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "pingpong" ->
                    pingpong(
                            words[1],
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]),
                            Integer.parseInt(words[4]));
            case "flood" -> flood(words[1], Integer.parseInt(words[2]));
            case "sink" -> sink(Integer.parseInt(words[1]));
            case "drink" -> drink();
            case "attach" -> attach(words);
            default -> throw new IllegalArgumentException("no command " + Arrays.toString(words));
        };
    }

    private static String attach(String[] args) {
        var text = new java.io.ByteArrayOutputStream();
        var out = new java.io.PrintStream(text, true, StandardCharsets.UTF_8);
        int code = EbpfCommand.run(args, out, out);
        return "exit " + code + " " + text.toString(StandardCharsets.UTF_8).replace('\n', ' ');
    }

    private enum Role {
        SERVER,
        PROXY,
        RELAY
    }

    private static ProtocolFamily family(String word) {
        return word.equals("inet") ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /** Connects, says hello and returns what came back, and who the kernel says the peer is. */
    private static String connect(String family, String host, int port, String source)
            throws IOException {
        try (SocketChannel socket = SocketChannel.open(family(family))) {
            if (!source.isEmpty()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
            }
            socket.socket().setSoTimeout(5000);
            socket.socket().connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), 5000);
            socket.write(ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.UTF_8)));
            return readLine(socket) + " peer " + peer(socket);
        }
    }

    /** Sends {@code size} bytes and reads as many back, checking each. */
    private static String bulk(String host, int port, int size) throws IOException {
        try (SocketChannel socket =
                SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral(host), port))) {
            Thread writer = Thread.ofPlatform().start(() -> writePattern(socket, size));
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            int at = 0;
            while (at < size && socket.read(buffer.clear()) >= 0) {
                for (buffer.flip(); buffer.hasRemaining(); at++) {
                    if (buffer.get() != (byte) (at * 31)) {
                        return "wrong byte at " + at;
                    }
                }
            }
            writer.join();
            return "echoed " + at;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends messages, each after the echo of the one before. */
    private static String pingpong(String host, int port, int count, int size) throws IOException {
        try (SocketChannel socket =
                SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral(host), port))) {
            ByteBuffer buffer = ByteBuffer.allocate(size);
            for (int i = 0; i < count; i++) {
                buffer.clear();
                while (buffer.hasRemaining()) {
                    buffer.put((byte) (i + buffer.position()));
                }
                for (buffer.flip(); buffer.hasRemaining(); ) {
                    socket.write(buffer);
                }
                buffer.clear();
                int read = 0;
                while (buffer.hasRemaining() && read >= 0) {
                    read = socket.read(buffer);
                }
                for (buffer.flip(); buffer.hasRemaining(); ) {
                    int at = buffer.position();
                    if (buffer.get() != (byte) (i + at)) {
                        return "wrong byte at " + at + " of message " + i;
                    }
                }
            }
            return "echoed " + count;
        }
    }

    /** Writes without reading until the kernel takes no more, and returns how much that was. */
    private static String flood(String host, int port) throws IOException {
        SocketChannel socket =
                SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        socket.configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
        long written = 0;
        int refusals = 0;
        while (refusals < 20 && written < 200_000_000) {
            buffer.clear();
            for (long at = written; buffer.hasRemaining(); at++) {
                buffer.put((byte) (at * 31));
            }
            buffer.flip();
            int taken = socket.write(buffer);
            written += taken;
            refusals = taken == 0 ? refusals + 1 : 0;
            if (taken == 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
        }
        socket.configureBlocking(true);
        socket.shutdownOutput();
        return "written " + written;
    }

    private static ServerSocketChannel reservoir;

    /** Listens but neither accepts nor reads. */
    private static String sink(int port) throws IOException {
        reservoir = ServerSocketChannel.open();
        reservoir.bind(new InetSocketAddress(port));
        return "listening " + port;
    }

    /** Accepts a connection to the sink and reads it to its end, checking each byte. */
    private static String drink() throws IOException {
        try (SocketChannel socket = reservoir.accept()) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            long at = 0;
            while (socket.read(buffer.clear()) >= 0) {
                for (buffer.flip(); buffer.hasRemaining(); at++) {
                    if (buffer.get() != (byte) (at * 31)) {
                        return "wrong byte at " + at;
                    }
                }
            }
            return "read " + at;
        }
    }

    private static void writePattern(SocketChannel socket, int size) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
            for (int at = 0; at < size; ) {
                buffer.clear();
                while (buffer.hasRemaining() && at < size) {
                    buffer.put((byte) (at++ * 31));
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    socket.write(buffer);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String readLine(SocketChannel socket) throws IOException {
        StringBuilder line = new StringBuilder();
        var in = socket.socket().getInputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static String query(String[] words, boolean connected) throws IOException {
        InetSocketAddress server =
                new InetSocketAddress(InetAddress.ofLiteral(words[2]), Integer.parseInt(words[3]));
        try (DatagramChannel socket = DatagramChannel.open(family(words[1]))) {
            socket.socket().setSoTimeout(5000);
            ByteBuffer question = ByteBuffer.wrap("question".getBytes(StandardCharsets.UTF_8));
            String peer = "";
            if (connected) {
                socket.connect(server);
                socket.write(question);
                peer = " peer " + peer(socket);
            } else {
                socket.send(question, server);
            }
            byte[] buffer = new byte[512];
            var packet = new java.net.DatagramPacket(buffer, buffer.length);
            socket.socket().receive(packet);
            return new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8)
                    + " from "
                    + text((InetSocketAddress) packet.getSocketAddress())
                    + peer;
        }
    }

    private static String resolve(String family, int port) throws IOException {
        DatagramChannel socket = DatagramChannel.open(family(family));
        socket.bind(new InetSocketAddress(port));
        Thread.ofPlatform().daemon().start(() -> answer(socket));
        return "listening " + port;
    }

    private static void answer(DatagramChannel socket) {
        ByteBuffer buffer = ByteBuffer.allocate(512);
        try {
            while (true) {
                InetSocketAddress asker = (InetSocketAddress) socket.receive(buffer.clear());
                String answer = "answer-of-" + text((InetSocketAddress) socket.getLocalAddress());
                socket.send(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)), asker);
            }
        } catch (IOException e) {
            System.err.println("resolver: " + e);
        }
    }

    private static String serve(String family, int port, Role role) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(family(family));
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(new InetSocketAddress(port));
        Thread.ofPlatform().daemon().start(() -> accept(server, role));
        return "listening " + ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    private static void accept(ServerSocketChannel server, Role role) {
        try {
            while (true) {
                SocketChannel socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> attend(socket, role));
            }
        } catch (IOException e) {
            System.err.println("listener: " + e);
        }
    }

    private static void attend(SocketChannel socket, Role role) {
        try (socket) {
            switch (role) {
                case SERVER -> echo(socket, "server");
                case PROXY -> echo(socket, "proxy original " + original(socket));
                case RELAY -> relay(socket);
            }
        } catch (IOException e) {
            System.err.println(role + ": " + e);
        }
    }

    /** Answers the first line with {@code words}, then echoes. */
    private static void echo(SocketChannel socket, String words) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        if (socket.read(buffer) < 0) {
            return;
        }
        if (buffer.get(0) == 'h') {
            String line =
                    words
                            + " local "
                            + text((InetSocketAddress) socket.getLocalAddress())
                            + " client "
                            + text((InetSocketAddress) socket.getRemoteAddress())
                                    .replaceFirst(":\\d+$", "")
                            + "\n";
            socket.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            buffer.clear();
        }
        do {
            buffer.flip();
            while (buffer.hasRemaining()) {
                socket.write(buffer);
            }
        } while (socket.read(buffer.clear()) >= 0);
    }

    private static String original(SocketChannel socket) {
        try {
            return text(originalOf(socket));
        } catch (KernelException e) {
            return e.errno().toString();
        }
    }

    private static InetSocketAddress originalOf(SocketChannel socket) throws KernelException {
        boolean ipv4;
        try {
            InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
            ipv4 = remote.getAddress().getAddress().length == 4;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ipv4 ? OriginalDestination.ipv4(fd(socket)) : OriginalDestination.ipv6(fd(socket));
    }

    private static void relay(SocketChannel downstream) throws IOException {
        try (SocketChannel upstream = SocketChannel.open()) {
            InetSocketAddress original = originalOf(downstream);
            if (((InetSocketAddress) downstream.getLocalAddress()).equals(original)) {
                upstream.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.6"), 0));
            }
            upstream.connect(original);
            Thread back = Thread.ofPlatform().start(() -> pump(upstream, downstream));
            pump(downstream, upstream);
            back.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (from.read(buffer.clear()) >= 0) {
                for (buffer.flip(); buffer.hasRemaining(); ) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            System.err.println("pump: " + e);
        }
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress().replaceFirst("%.*", "");
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static int fd(NetworkChannel channel) {
        try {
            Method method = channel.getClass().getDeclaredMethod("getFDVal");
            method.setAccessible(true);
            return (int) method.invoke(channel);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle getpeername() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("getpeername").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS));
    }

    /** Asks the kernel, since the channel answers with what it was told on connect. */
    private static String peer(NetworkChannel channel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(28, 8);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, 28);
            if ((int) GETPEERNAME.invokeExact(fd(channel), address, size) != 0) {
                return "unknown";
            }
            byte[] bytes = address.toArray(ValueLayout.JAVA_BYTE);
            int port = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
            byte[] host =
                    bytes[0] == 2
                            ? Arrays.copyOfRange(bytes, 4, 8)
                            : Arrays.copyOfRange(bytes, 8, 24);
            return text(new InetSocketAddress(InetAddress.getByAddress(host), port));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
