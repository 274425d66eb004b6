package dev.attache.iptables.netns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One piece of traffic: who sends it where, and what comes back.
 *
 * @param inbound from the peer's namespace, else from the application's
 * @param udp a datagram, else a TCP connection
 * @param uid the sender's user
 * @param gid the sender's group
 * @param host destination address
 * @param port destination port
 */
public record Shot(boolean inbound, boolean udp, int uid, int gid, String host, int port) {
    private static final int PATIENCE_MILLIS = 4000;

    /** A TCP connection from the application. */
    public static Shot out(String host, int port) {
        return new Shot(false, false, Stage.APPLICATION, Stage.APPLICATION, host, port);
    }

    /** A TCP connection from the peer. */
    public static Shot in(String host, int port) {
        return new Shot(true, false, 0, 0, host, port);
    }

    /** A datagram from the application. */
    public static Shot udp(String host, int port) {
        return new Shot(false, true, Stage.APPLICATION, Stage.APPLICATION, host, port);
    }

    /** The same sent by another user and group. */
    public Shot by(int user, int group) {
        return new Shot(inbound, udp, user, group, host, port);
    }

    /** Sends it and returns all that comes back, lines joined by {@code " | "}. */
    public String fire(Stage stage) throws IOException {
        Namespace from = inbound ? stage.peer() : stage.app();
        return from.in(() -> {
            ThreadUser.become(uid, gid);
            return udp ? datagram() : connection();
        });
    }

    private String connection() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            String text =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return String.join(" | ", text.strip().split("\n"));
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    private String datagram() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(host, port));
            byte[] question = "who?".getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }
}
