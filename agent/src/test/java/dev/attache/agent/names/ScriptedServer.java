package dev.attache.agent.names;

import dev.attache.testkit.NameSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** One of the machine's name servers, by UDP and TCP on one port. */
final class ScriptedServer implements AutoCloseable {

    /** What was asked: the port it came from and the bytes. */
    record Asked(int port, byte[] question) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final NameSockets sockets;

    /**
     * @param script answers of a question, in order
     */
    ScriptedServer(Function<byte[], List<byte[]>> script) throws IOException {
        sockets =
                new NameSockets(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        question -> {
                            asked.add(new Asked(question.port(), question.bytes()));
                            return script.apply(question.bytes());
                        });
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
        return sockets.address();
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
