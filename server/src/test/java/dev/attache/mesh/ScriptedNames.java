package dev.attache.mesh;

import dev.attache.testkit.NameSockets;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A machine's name server, at port 53 of an address of the loopback: what it answers is said by the
 * first label of the name that is asked. Names within records are written out, so that who hands
 * them on cannot but hand on the same bytes.
 */
final class ScriptedNames implements AutoCloseable {

    private static final int HEADER = 12;
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int SOA = 6;
    private static final int PTR = 12;
    private static final int MX = 15;
    private static final int TXT = 16;
    private static final int AAAA = 28;
    private static final int SRV = 33;
    private static final int OPT = 41;
    private static final int OF_NOBODY = 65280;

    /** Flags of an answer by who is asked for others. */
    private static final int RECURSIVE = 0x8080;

    private final NameSockets sockets;

    ScriptedNames(String address) throws IOException {
        sockets =
                new NameSockets(
                        new InetSocketAddress(address, 53),
                        asked -> List.of(answer(asked.bytes(), asked.tcp())));
    }

    private static byte[] answer(byte[] question, boolean tcp) throws EOFException {
        String label =
                new String(question, HEADER + 1, question[HEADER], StandardCharsets.US_ASCII);
        Answer answer = new Answer(question);
        switch (label.toLowerCase(Locale.ROOT)) {
            case "a", "mixed" -> answer.answer(A, 192, 0, 2, 1).answer(A, 192, 0, 2, 2);
            case "aaaa" -> answer.answer(AAAA, 32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
            case "alias" -> answer.answer(CNAME, name("b.example")).record(0, name("b.example"), A);
            case "mail" -> {
                answer.answer(MX, joined(bytes(0, 10), name("m1.example")));
                answer.answer(MX, joined(bytes(0, 20), name("m2.example")));
                answer.record(2, name("m1.example"), A);
            }
            case "text" -> answer.answer(TXT, text("v=1", "a \"b\" ;")).answer(TXT, text("", "c"));
            case "service" ->
                    answer.answer(SRV, joined(bytes(0, 1, 0, 2, 31, 144), name("s.example")));
            case "1" -> answer.answer(PTR, name("host.example"));
            case "nobody" -> answer.answer(OF_NOBODY, 1, 2, 3, 0, 255);
            case "nx" -> answer.code(3).authority();
            case "empty" -> answer.authority();
            case "fail" -> answer.code(2);
            case "refused" -> answer.code(5);
            case "bits" -> answer.flags |= 0x0430;
            case "bad" -> answer.extended(1);
            case "asked" -> answer.answer(TXT, text(hex(question)));
            case "cut" -> {
                answer.flags |= tcp ? 0 : 0x200;
                answer.many(tcp ? 100 : 0);
            }
            case "long" -> answer.many(tcp ? 2500 : 120);
            case "closes" -> throw new EOFException("by script");
            default -> answer.code(3);
        }
        return answer.bytes();
    }

    /** In pieces of what one text may have, without the id, which is each asker's own. */
    private static String[] hex(byte[] question) {
        String all = ByteBufUtil.hexDump(question, 2, question.length - 2);
        return List.of(all.split("(?<=\\G.{200})")).toArray(String[]::new);
    }

    private static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] text(String... texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String each : texts) {
            out.write(each.length());
            out.writeBytes(each.getBytes(StandardCharsets.US_ASCII));
        }
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    /** One answer while it is made. */
    private static final class Answer {
        private final byte[] question;
        private final byte[] asked;
        private final int[] counts = new int[3];
        private final ByteArrayOutputStream records = new ByteArrayOutputStream();
        private int flags;

        Answer(byte[] question) {
            this.question = question;
            int end = HEADER;
            while (question[end] != 0) {
                end += question[end] + 1;
            }
            asked = Arrays.copyOfRange(question, HEADER, end + 1);
            flags = RECURSIVE | word(question, 2) & 0x0110;
        }

        private static int word(byte[] bytes, int at) {
            return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        }

        Answer code(int rcode) {
            flags |= rcode;
            return this;
        }

        Answer answer(int type, int... data) {
            return answer(type, ScriptedNames.bytes(data));
        }

        Answer answer(int type, byte[] data) {
            return record(0, asked, type, 1, 77, data);
        }

        /** An address for another name. */
        Answer record(int section, byte[] owner, int type) {
            return record(section, owner, type, 1, 78, ScriptedNames.bytes(192, 0, 2, 9));
        }

        void authority() {
            byte[] numbers = new byte[20];
            numbers[3] = 1;
            byte[] names = joined(name("ns.example"), name("admin.example"));
            record(1, name("example"), SOA, 1, 79, joined(names, numbers));
        }

        void extended(int code) {
            record(2, new byte[] {0}, OPT, 1232, code << 24, new byte[0]);
        }

        void many(int count) {
            for (int i = 0; i < count; i++) {
                // The name by a pointer to the question.
                byte[] pointer = ScriptedNames.bytes(0xc0, HEADER);
                record(0, pointer, A, 1, 80, ScriptedNames.bytes(10, 0, i >> 8, i));
            }
        }

        private Answer record(
                int section, byte[] owner, int type, int dnsClass, int seconds, byte[] data) {
            counts[section]++;
            records.writeBytes(owner);
            words(records, type, dnsClass, seconds >>> 16, seconds, data.length);
            records.writeBytes(data);
            return this;
        }

        byte[] bytes() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            words(out, word(question, 0), flags, 1, counts[0], counts[1], counts[2]);
            out.write(question, HEADER, asked.length + 4);
            out.writeBytes(records.toByteArray());
            return out.toByteArray();
        }

        private static void words(ByteArrayOutputStream out, int... words) {
            for (int word : words) {
                out.write(word >> 8);
                out.write(word);
            }
        }
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
