package dev.attache.iptables.netns;

import dev.attache.iptables.capture.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Servers that say who they are, where they were reached and by whom, and close. */
final class Banner {
    private Banner() {}

    /** A TCP server on every address of a namespace. */
    static AutoCloseable tcp(Namespace at, int user, String name, int port) throws IOException {
        return at.in(() -> {
            ThreadUser.become(user, user);
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(port), 256);
            Thread.ofPlatform().daemon().start(() -> serve(server, name));
            return server;
        });
    }

    private static void serve(ServerSocket server, String name) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                String text =
                        name
                                + " "
                                + text(socket.getLocalAddress(), socket.getLocalPort())
                                + " saw "
                                + host(socket.getInetAddress())
                                + "\n";
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (SocketException e) {
                if (!server.isClosed()) {
                    System.out.println(name + ": " + e);
                }
            } catch (IOException e) {
                System.out.println(name + ": " + e);
            }
        }
    }

    /** A UDP server that answers each datagram. */
    static AutoCloseable udp(Namespace at, int user, String name, int port) throws IOException {
        return at.in(() -> {
            ThreadUser.become(user, user);
            DatagramSocket socket = new DatagramSocket(port);
            Thread.ofPlatform().daemon().start(() -> answer(socket, name));
            return socket;
        });
    }

    private static void answer(DatagramSocket socket, String name) {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                String question =
                        new String(
                                packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
                byte[] answer =
                        (name + " udp answers " + question).getBytes(StandardCharsets.US_ASCII);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    System.out.println(name + ": " + e);
                }
            }
        }
    }

    static String text(InetAddress address, int port) {
        String host = host(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Without zone and in short form. */
    static String host(InetAddress address) {
        IpAddress plain = IpAddress.of(address.getAddress());
        return plain.unmapped().toString();
    }
}
