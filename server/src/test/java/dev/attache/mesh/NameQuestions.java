package dev.attache.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Asks a name server and says what it answers, field by field. */
final class NameQuestions {

    private static final int PATIENCE_MILLIS = 20_000;

    private final InetSocketAddress server;

    /** Of this host. */
    NameQuestions(int port) {
        this("127.0.0.1", port);
    }

    /**
     * @param address of this host
     */
    NameQuestions(String address, int port) {
        server = new InetSocketAddress(address, port);
    }

    /**
     * The answer as text; of several addresses it says how many, they come in any order.
     *
     * @param payload of an OPT record, or 0 for none
     */
    String ask(String name, String type, int payload, boolean tcp) throws IOException {
        byte[] question = question(name, DnsRecordType.valueOf(type), payload);
        return "%s %s %d %s: %s"
                .formatted(name, type, payload, tcp ? "tcp" : "udp", ask(question, tcp));
    }

    /** The answer to a question of any kind, as text. */
    String ask(byte[] question, boolean tcp) throws IOException {
        return text(tcp ? byTcp(question) : byUdp(question));
    }

    /** The answers to questions of one connection, which are all asked before one is read. */
    List<String> askAll(List<byte[]> questions) throws IOException {
        List<String> answers = new ArrayList<>();
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            ByteBuf all = Unpooled.buffer();
            questions.forEach(each -> all.writeShort(each.length).writeBytes(each));
            socket.getOutputStream().write(ByteBufUtil.getBytes(all));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < questions.size(); i++) {
                byte[] answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);
                answers.add(text(answer));
            }
        }
        Collections.sort(answers);
        return answers;
    }

    private String text(byte[] answer) {
        EmbeddedChannel channel = new EmbeddedChannel(new DatagramDnsResponseDecoder());
        channel.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(answer), server, server));
        DnsResponse response = channel.readInbound();
        try {
            return text(response);
        } finally {
            response.release();
            channel.finishAndReleaseAll();
        }
    }

    private static String text(DnsResponse response) {
        List<String> answers = records(response, DnsSection.ANSWER);
        boolean many = answers.size() > 10;
        return "%d %s aa=%s ra=%s rd=%s tc=%s z=%d question=%s authorities=%s extras=%s %s"
                .formatted(
                        response.id(),
                        response.code(),
                        response.isAuthoritativeAnswer(),
                        response.isRecursionAvailable(),
                        response.isRecursionDesired(),
                        response.isTruncated(),
                        response.z(),
                        records(response, DnsSection.QUESTION),
                        records(response, DnsSection.AUTHORITY),
                        records(response, DnsSection.ADDITIONAL),
                        many ? answers.size() + " records" : answers);
    }

    private static List<String> records(DnsResponse response, DnsSection section) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < response.count(section); i++) {
            DnsRecord record = response.recordAt(section, i);
            String data =
                    record instanceof DnsRawRecord raw ? ByteBufUtil.hexDump(raw.content()) : "";
            if (record instanceof DnsPtrRecord pointer) {
                data = pointer.hostname();
            }
            records.add(
                    "%s %s%s %d %s"
                            .formatted(
                                    record.name(),
                                    type(record.type()),
                                    record.dnsClass() == DnsRecord.CLASS_IN
                                            ? ""
                                            : " class " + record.dnsClass(),
                                    record.timeToLive(),
                                    data));
        }
        return records;
    }

    private static String type(DnsRecordType type) {
        return type.name().equals("UNKNOWN") ? "TYPE" + type.intValue() : type.name();
    }

    /** One that desires recursion. */
    static byte[] question(String name, DnsRecordType type, int payload) {
        ByteBuf out = Unpooled.buffer();
        out.writeShort(4711).writeShort(0x100).writeShort(1).writeInt(0);
        out.writeShort(payload > 0 ? 1 : 0);
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        out.writeByte(0).writeShort(type.intValue()).writeShort(1);
        if (payload > 0) {
            out.writeByte(0).writeShort(DnsRecordType.OPT.intValue()).writeShort(payload);
            out.writeInt(0).writeShort(0);
        }
        return ByteBufUtil.getBytes(out);
    }

    private byte[] byUdp(byte[] question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            // Hears only who was asked.
            socket.connect(server);
            socket.send(new java.net.DatagramPacket(question, question.length, server));
            java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[65535], 65535);
            socket.receive(answer);
            return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private byte[] byTcp(byte[] question) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(question.length);
            out.write(question);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return answer;
        }
    }
}
