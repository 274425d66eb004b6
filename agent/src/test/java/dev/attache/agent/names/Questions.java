package dev.attache.agent.names;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** A client that asks a name server. */
final class Questions {

    private static final int PATIENCE_MILLIS = 10_000;

    private Questions() {}

    /** A question with recursion desired; an OPT record where a payload is given. */
    static byte[] question(int id, String name, int type, int payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        words(out, id, DnsFlags.RECURSION_DESIRED, 1, 0, 0, payload > 0 ? 1 : 0);
        for (byte[] label : DnsName.labels(name)) {
            out.write(label.length);
            out.writeBytes(label);
        }
        out.write(0);
        words(out, type, 1);
        if (payload > 0) {
            out.write(0);
            words(out, DnsMessage.OPT, payload, 0, 0, 0);
        }
        return out.toByteArray();
    }

    private static void words(ByteArrayOutputStream out, int... words) {
        for (int word : words) {
            out.write(word >> 8);
            out.write(word);
        }
    }

    static Reply ask(InetSocketAddress server, String name, int type) throws IOException {
        return Reply.parse(exchange(server, question(4711, name, type, 0)));
    }

    static byte[] exchange(InetSocketAddress server, byte[] question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            // What comes from elsewhere is not heard, as with any resolver.
            socket.connect(server);
            socket.send(new DatagramPacket(question, question.length, server));
            DatagramPacket answer = new DatagramPacket(new byte[65535], 65535);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    static byte[] exchangeByTcp(InetSocketAddress server, byte[] question) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            return on(socket, question);
        }
    }

    static byte[] on(Socket socket, byte[] question) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] framed = new byte[question.length + 2];
        framed[0] = (byte) (question.length >> 8);
        framed[1] = (byte) question.length;
        System.arraycopy(question, 0, framed, 2, question.length);
        out.write(framed);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[in.readUnsignedShort()];
        in.readFully(answer);
        return answer;
    }
}
