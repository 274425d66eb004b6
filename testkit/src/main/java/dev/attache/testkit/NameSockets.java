package dev.attache.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;

/**
 * The sockets of a name server, by UDP and TCP on one port (RFC 1035 section 4.2). What is answered
 * is the script's. Closed by whoever opened it; any thread.
 */
public final class NameSockets implements AutoCloseable {
    private static final int LARGEST = 65535;

    /**
     * What was asked.
     *
     * @param bytes the message
     * @param tcp whether over a connection
     * @param port where it came from
     */
    public record Question(byte[] bytes, boolean tcp, int port) {}

    /** Answers questions, on threads of the sockets. */
    public interface Script {
        /**
         * Messages to send, in order; none is silence.
         *
         * @throws EOFException if the connection is to be closed
         */
        List<byte[]> answers(Question question) throws IOException;
    }

    private final Script script;
    private final ServerSocket connections;
    private final DatagramSocket datagrams;

    /**
     * Opens them and serves.
     *
     * @param address with port 0 for any that is free
     */
    public NameSockets(InetSocketAddress address, Script script) throws IOException {
        this.script = script;
        connections = new ServerSocket(address.getPort(), 50, address.getAddress());
        datagrams = new DatagramSocket(address());
        Thread.ofVirtual().start(this::serveDatagrams);
        Thread.ofVirtual().start(this::serveConnections);
    }

    /** Where they are. */
    public InetSocketAddress address() {
        return new InetSocketAddress(connections.getInetAddress(), connections.getLocalPort());
    }

    private void serveDatagrams() {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        while (!datagrams.isClosed()) {
            try {
                packet.setLength(LARGEST);
                datagrams.receive(packet);
                byte[] message = Arrays.copyOf(packet.getData(), packet.getLength());
                for (byte[] answer :
                        script.answers(new Question(message, false, packet.getPort()))) {
                    datagrams.send(
                            new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (EOFException | SocketException e) {
                // silence, the end, or a port at the asker's that is closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serveConnections() {
        while (!connections.isClosed()) {
            try {
                Socket connection = connections.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            while (true) {
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                for (byte[] answer :
                        script.answers(new Question(message, true, connection.getPort()))) {
                    out.writeShort(answer.length);
                    out.write(answer);
                    out.flush();
                }
            }
        } catch (EOFException | SocketException gone) {
            return; // who asks has left, or is to be left
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
