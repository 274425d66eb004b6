package dev.attache.agent.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** An answer as a client reads it. */
record Reply(int id, int flags, int questions, List<String> answers, int authorities, int extras) {

    static Reply parse(byte[] bytes) {
        try {
            List<String> answers = new ArrayList<>();
            int at = DnsMessage.HEADER;
            for (int i = 0; i < DnsMessage.word(bytes, 4); i++) {
                at = DnsName.read(bytes, at).end() + 4;
            }
            for (int i = 0; i < DnsMessage.word(bytes, 6); i++) {
                DnsName.Read name = DnsName.read(bytes, at);
                int fixed = name.end();
                int length = DnsMessage.word(bytes, fixed + 8);
                answers.add(
                        "%s %d %d %s"
                                .formatted(
                                        name.name(),
                                        DnsMessage.word(bytes, fixed),
                                        DnsMessage.word(bytes, fixed + 6),
                                        data(
                                                bytes,
                                                DnsMessage.word(bytes, fixed),
                                                fixed + 10,
                                                length)));
                at = fixed + 10 + length;
            }
            return new Reply(
                    DnsMessage.word(bytes, 0),
                    DnsMessage.word(bytes, 2),
                    DnsMessage.word(bytes, 4),
                    answers,
                    DnsMessage.word(bytes, 8),
                    DnsMessage.word(bytes, 10));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String data(byte[] bytes, int type, int at, int length)
            throws UnknownHostException {
        if (type == DnsMessage.CNAME) {
            return DnsName.read(bytes, at).name();
        }
        byte[] address = new byte[length];
        System.arraycopy(bytes, at, address, 0, length);
        return InetAddress.getByAddress(address).getHostAddress();
    }

    int rcode() {
        return flags & DnsFlags.RCODE;
    }

    boolean authoritative() {
        return (flags & DnsFlags.AUTHORITATIVE) != 0;
    }

    boolean truncated() {
        return (flags & DnsFlags.TRUNCATED) != 0;
    }

    boolean recursionAvailable() {
        return (flags & 0x80) != 0;
    }
}
