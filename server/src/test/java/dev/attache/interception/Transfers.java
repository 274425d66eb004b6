package dev.attache.interception;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** What an actor does with many bytes: echoes, checks, floods, and takes its time. */
final class Transfers {
    private static final int CHUNK = 64 * 1024;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final long STUCK_NANOS = 2_000_000_000L;
    private static final BlockingQueue<Socket> SUNK = new LinkedBlockingQueue<>();
    private static @org.jspecify.annotations.Nullable Socket held;

    private Transfers() {}

    private static ServerSocket listen(String host, int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        return server;
    }

    /** Returns to every client what it sends. */
    static String echo(String host, int port) throws IOException {
        ServerSocket server = listen(host, port);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (!server.isClosed()) {
                        try {
                            Socket client = server.accept();
                            Thread.ofPlatform().daemon().start(() -> echo(client));
                        } catch (IOException e) {
                            System.err.println("echo: " + e);
                        }
                    }
                });
        return "serving";
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            System.err.println("echo: " + e);
        }
    }

    /** Sends random bytes, ends its half, and compares the digest of what comes back. */
    static String bulk(String host, int port, long bytes) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            CompletableFuture<String> sent =
                    CompletableFuture.supplyAsync(() -> send(socket, bytes));
            MessageDigest digest = sha256();
            long received = 0;
            try (InputStream in = new DigestInputStream(socket.getInputStream(), digest)) {
                byte[] chunk = new byte[CHUNK];
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    received += n;
                }
            }
            String back = HexFormat.of().formatHex(digest.digest());
            return (back.equals(sent.join()) ? "same " : "different ") + received;
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    /** Returns the digest of what was sent. */
    private static String send(Socket socket, long bytes) {
        try {
            MessageDigest digest = sha256();
            Random random = new Random(bytes);
            OutputStream out = socket.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (long left = bytes; left > 0; ) {
                random.nextBytes(chunk);
                int n = (int) Math.min(left, 1 + random.nextInt(CHUNK));
                digest.update(chunk, 0, n);
                out.write(chunk, 0, n);
                left -= n;
            }
            socket.shutdownOutput();
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            return "sending failed: " + e.getMessage();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Accepts and does not read before it is told to {@link #drink}. */
    static String sink(String host, int port) throws IOException {
        ServerSocket server = listen(host, port);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (!server.isClosed()) {
                        try {
                            SUNK.add(server.accept());
                        } catch (IOException e) {
                            System.err.println("sink: " + e);
                        }
                    }
                });
        return "serving";
    }

    /** Writes until nothing has been taken for some time, then ends its half. */
    static String flood(String host, int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
        channel.configureBlocking(false);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        Arrays.fill(chunk.array(), (byte) 'x');
        long written = 0;
        long progress = System.nanoTime();
        while (System.nanoTime() - progress < STUCK_NANOS && written < 1L << 30) {
            chunk.clear();
            int n = channel.write(chunk);
            if (n > 0) {
                written += n;
                progress = System.nanoTime();
            } else {
                Thread.onSpinWait();
            }
        }
        channel.shutdownOutput();
        return "written " + written;
    }

    /** Reads all that a flood has brought. */
    static String drink() throws IOException {
        try (Socket client = SUNK.take()) {
            client.setSoTimeout(PATIENCE_MILLIS);
            return "read " + client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Opens a connection to an echo, sees that it works, and keeps it. */
    static String hold(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
        socket.getOutputStream().write('x');
        held = socket;
        return socket.getInputStream().read() == 'x' ? "open" : "closed";
    }

    /** Waits for the end of the connection it keeps. */
    static String held() throws IOException {
        Socket socket = held;
        if (socket == null) {
            return "none";
        }
        try (socket) {
            return socket.getInputStream().read() < 0 ? "ended" : "data";
        } catch (SocketTimeoutException e) {
            return "hangs";
        } catch (IOException e) {
            return "ended";
        }
    }
}
