package dev.attache.conformance;

import dev.attache.testkit.NameSockets;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server over UDP and TCP (RFC 1035) that answers well, badly or not at all: the first label
 * of a name says how, once {@link #misbehave} has been called. Any thread.
 */
public final class ScriptedNameServer implements AutoCloseable {
    private static final int QUERY_HEAD = 12;
    private static final int TYPE_A = 1;
    private static final int TYPE_CNAME = 5;
    private static final int NO_ERROR = 0;
    private static final int TRUNCATED = 0x200;
    private final NameSockets sockets;
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private volatile boolean good = true;

    /** At a free port of the loopback. */
    ScriptedNameServer() throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
    }

    /** At an address of the caller's network namespace. */
    public ScriptedNameServer(InetSocketAddress address) throws IOException {
        sockets = new NameSockets(address, asked -> List.of(answers(asked.bytes(), asked.tcp())));
    }

    int port() {
        return sockets.address().getPort();
    }

    /** From now on every name does what it is called. */
    void misbehave(boolean badly) {
        good = !badly;
        asked.clear();
    }

    /** How often a name has been asked for since the last change. */
    public int asked(String name) {
        return asked.computeIfAbsent(name, any -> new AtomicInteger()).get();
    }

    private byte[][] answers(byte[] query, boolean tcp) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = QUERY_HEAD;
        while (query[at] != 0) {
            int length = query[at];
            name.append(new String(query, at + 1, length, StandardCharsets.US_ASCII)).append('.');
            at += length + 1;
        }
        name.setLength(Math.max(0, name.length() - 1));
        int type = (query[at + 1] & 0xff) << 8 | query[at + 2] & 0xff;
        int end = at + 5;
        asked.computeIfAbsent(name.toString(), any -> new AtomicInteger()).incrementAndGet();
        String manner = name.substring(0, Math.max(0, name.indexOf(".")));
        if (type != TYPE_A) {
            return new byte[][] {new Reply(query, end, NO_ERROR).bytes()};
        }
        return manner(good ? "good" : manner, query, end, tcp);
    }

    private static byte[][] manner(String manner, byte[] query, int end, boolean tcp)
            throws IOException {
        byte[] right = new Reply(query, end, NO_ERROR).address(60, 1).bytes();
        return switch (manner) {
            case "denied" -> new byte[][] {new Reply(query, end, 3).bytes()};
            case "failing" -> new byte[][] {new Reply(query, end, 2).bytes()};
            case "refused" -> new byte[][] {new Reply(query, end, 5).bytes()};
            case "empty" -> new byte[][] {new Reply(query, end, NO_ERROR).bytes()};
            case "silent" -> new byte[0][];
            case "misshapen" -> new byte[][] {new Reply(query, end, NO_ERROR).misshapen().bytes()};
            case "forged" -> new byte[][] {forged(query, end)};
            case "forged-first" -> new byte[][] {forged(query, end), right};
            case "zero-ttl" -> new byte[][] {new Reply(query, end, NO_ERROR).address(0, 1).bytes()};
            case "thousand" -> new byte[][] {thousand(query, end, tcp)};
            case "loop" -> new byte[][] {new Reply(query, end, NO_ERROR).alias().bytes()};
            default -> new byte[][] {right};
        };
    }

    /** The right question under another id, with another address. */
    private static byte[] forged(byte[] query, int end) throws IOException {
        byte[] reply = new Reply(query, end, NO_ERROR).address(60, 7).address(60, 8).bytes();
        reply[0] ^= 0x55;
        return reply;
    }

    private static byte[] thousand(byte[] query, int end, boolean tcp) throws IOException {
        Reply reply = new Reply(query, end, tcp ? NO_ERROR : TRUNCATED);
        for (int i = 1; tcp && i <= 1000; i++) {
            reply.address(60, i);
        }
        return reply.bytes();
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }

    /** A response under construction. */
    private static final class Reply {
        private static final int RESPONSE = 0x8180;
        private static final int TO_THE_QUESTION = 0xc00c;
        private static final int IN = 1;
        private final byte[] query;
        private final int end;
        private final int flags;
        private final ByteArrayOutputStream records = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(records);
        private int count;

        Reply(byte[] query, int end, int flags) {
            this.query = query;
            this.end = end;
            this.flags = flags;
        }

        /** An address of 127.0.0.0/8. */
        Reply address(int ttl, int last) throws IOException {
            head(TYPE_A, ttl);
            out.writeShort(4);
            out.writeInt(0x7f000000 | last);
            return this;
        }

        /** An address of three octets. */
        Reply misshapen() throws IOException {
            head(TYPE_A, 60);
            out.writeShort(3);
            out.write(new byte[] {127, 0, 0});
            return this;
        }

        /** An alias of the name to itself. */
        Reply alias() throws IOException {
            head(TYPE_CNAME, 60);
            out.writeShort(2);
            out.writeShort(TO_THE_QUESTION);
            return this;
        }

        private void head(int type, int ttl) throws IOException {
            out.writeShort(TO_THE_QUESTION);
            out.writeShort(type);
            out.writeShort(IN);
            out.writeInt(ttl);
            count++;
        }

        byte[] bytes() throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            DataOutputStream head = new DataOutputStream(whole);
            head.write(query, 0, 2);
            head.writeShort(RESPONSE | flags);
            head.writeShort(1);
            head.writeShort(count);
            head.writeInt(0);
            head.write(query, QUERY_HEAD, end - QUERY_HEAD);
            head.write(records.toByteArray());
            return whole.toByteArray();
        }
    }
}
