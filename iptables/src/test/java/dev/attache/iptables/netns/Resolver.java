package dev.attache.iptables.netns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Stands for the agent's DNS server: takes datagrams at port 15053 of a loopback address, asks the
 * real server with a socket of the proxy's user, and answers "agent: " and what it heard.
 */
final class Resolver implements AutoCloseable {
    private final DatagramSocket socket;
    private final DatagramSocket upstream;
    private final InetSocketAddress server;

    private Resolver(DatagramSocket socket, DatagramSocket upstream, InetSocketAddress server) {
        this.socket = socket;
        this.upstream = upstream;
        this.server = server;
    }

    /** Starts one at a loopback address, from which its answers then come. */
    static Resolver start(Namespace at, String loopback, String server) throws IOException {
        return at.in(() -> {
            ThreadUser.become(Stage.PROXY, Stage.PROXY);
            DatagramSocket upstream = new DatagramSocket();
            upstream.setSoTimeout(3000);
            Resolver resolver =
                    new Resolver(
                            new DatagramSocket(new InetSocketAddress(loopback, 15053)),
                            upstream,
                            new InetSocketAddress(server, 53));
            Thread.ofPlatform().daemon().start(resolver::answer);
            return resolver;
        });
    }

    private void answer() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                upstream.send(new DatagramPacket(question.getData(), question.getLength(), server));
                DatagramPacket heard = new DatagramPacket(new byte[512], 512);
                upstream.receive(heard);
                byte[] answer =
                        ("agent: "
                                        + new String(
                                                heard.getData(),
                                                0,
                                                heard.getLength(),
                                                StandardCharsets.US_ASCII))
                                .getBytes(StandardCharsets.US_ASCII);
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    System.out.println("resolver: " + e);
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
        upstream.close();
    }
}
