package dev.attache.agent.names;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** One of the machine's name servers, by UDP and TCP on one port. */
final class ScriptedServer implements AutoCloseable {

    /** What was asked: the port it came from and the bytes. */
    record Asked(int port, byte[] question) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final Function<byte[], List<byte[]>> script;

    /**
     * @param script answers of a question, in order
     */
    ScriptedServer(Function<byte[], List<byte[]>> script) throws IOException {
        this.script = script;
        this.connections = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.datagrams =
                new DatagramSocket(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), connections.getLocalPort()));
        Thread.ofVirtual().start(this::serveDatagrams);
        Thread.ofVirtual().start(this::serveConnections);
    }

    /** One that gives every question this address. */
    static ScriptedServer giving(int lastByte) throws IOException {
        return new ScriptedServer(question -> List.of(address(question, lastByte)));
    }

    /** One that never answers. */
    static ScriptedServer silent() throws IOException {
        return new ScriptedServer(question -> List.of());
    }

    static byte[] address(byte[] question, int lastByte) {
        byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, (byte) lastByte};
        int end = DnsMessage.read(question).questionEnd();
        byte[] answer = Arrays.copyOf(question, end + record.length);
        System.arraycopy(record, 0, answer, end, record.length);
        answer[2] |= (byte) 0x80;
        answer[3] = (byte) 0x80;
        answer[7] = 1;
        answer[11] = 0;
        return answer;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), connections.getLocalPort());
    }

    private void serveDatagrams() {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        while (!datagrams.isClosed()) {
            try {
                datagrams.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                asked.add(new Asked(packet.getPort(), question));
                for (byte[] answer : script.apply(question)) {
                    datagrams.send(
                            new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serveConnections() {
        while (!connections.isClosed()) {
            try (Socket socket = connections.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                asked.add(new Asked(socket.getPort(), question));
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                for (byte[] answer : script.apply(question)) {
                    out.writeShort(answer.length);
                    out.write(answer);
                }
                out.flush();
            } catch (IOException e) {
                if (connections.isClosed()) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
