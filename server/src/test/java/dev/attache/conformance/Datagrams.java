package dev.attache.conformance;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One host of an upstream that takes datagrams ({@code protocol: udp}): their lines are shown once
 * each, if they match {@code collects.where}; with {@code collects.whole} it shows datagrams.
 */
final class Datagrams implements Closeable {
    private static final int LARGEST = 65_536;
    private final DatagramSocket socket;
    private final Upstream upstream;
    private final Pattern where;
    private final boolean whole;
    private final Set<String> shown = new HashSet<>();

    Datagrams(Upstream upstream, Map<String, Object> collects) throws IOException {
        this.upstream = upstream;
        this.where = Pattern.compile(Tree.text(collects.get("where"), ""));
        this.whole = Tree.flag(collects.get("whole"));
        this.socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::run);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void run() {
        byte[] buffer = new byte[LARGEST];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    upstream.record("(no datagram: " + e + ")");
                }
                return;
            }
            String text = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
            for (String line : whole ? new String[] {text} : text.split("\n", -1)) {
                String normal = upstream.normalised(line);
                if (where.matcher(normal).find() && shown.add(normal)) {
                    upstream.record(normal);
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
