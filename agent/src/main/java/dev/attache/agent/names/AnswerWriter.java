package dev.attache.agent.names;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes answers. Names are shortened only where the message would be too long otherwise, and
 * records are left off only where that does not help: then the answer says so. One for each answer.
 */
final class AnswerWriter {

    private static final int POINTER = 0xc000;
    private static final int MAX_OFFSET = 0x3fff;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    private final Map<String, Integer> places = new HashMap<>();
    private boolean compress;

    private AnswerWriter() {}

    /** What says no more than how it went; the question is repeated where there is one. */
    static byte[] status(DnsMessage query, int flags) {
        int end = query.questionEnd();
        byte[] bytes = new byte[end];
        System.arraycopy(query.bytes(), 0, bytes, 0, end);
        return head(bytes, query.id(), flags, query.hasQuestion() ? 1 : 0, 0);
    }

    /** An answer to what could not be read. */
    static byte[] status(byte[] query, int flags) {
        return head(new byte[DnsMessage.HEADER], DnsMessage.word(query, 0), flags, 0, 0);
    }

    /** The flags of an answer to the query. */
    static int reply(DnsMessage query, int rcode) {
        int asked = query.flags();
        int kept =
                (asked & DnsFlags.OPCODE) == 0
                        ? DnsFlags.RECURSION_DESIRED | DnsFlags.CHECKING_DISABLED
                        : 0;
        return DnsFlags.RESPONSE | asked & (DnsFlags.OPCODE | kept) | rcode;
    }

    /**
     * An answer by who knows.
     *
     * @param limit how long the message may be
     */
    static byte[] answer(DnsMessage query, List<DnsRecord> records, int limit) {
        byte[] whole = write(query, records, records.size(), false);
        if (whole.length <= limit) {
            return whole;
        }
        int fit = records.size();
        byte[] shorter = write(query, records, fit, true);
        while (shorter.length > limit && fit > 0) {
            // Records of one answer are about as long as each other.
            int over = shorter.length - limit;
            fit = Math.max(0, fit - Math.max(1, over / Math.max(1, shorter.length / fit)));
            shorter = write(query, records, fit, true);
        }
        return shorter;
    }

    private static byte[] write(
            DnsMessage query, List<DnsRecord> records, int count, boolean compress) {
        AnswerWriter writer = new AnswerWriter();
        writer.compress = compress;
        writer.out.writeBytes(new byte[DnsMessage.HEADER]);
        List<byte[]> asked = DnsName.labels(query.name());
        writer.name(asked == null ? List.of() : asked);
        writer.word(query.type());
        writer.word(query.dnsClass());
        for (DnsRecord record : records.subList(0, count)) {
            writer.record(record);
        }
        int flags =
                reply(query, DnsFlags.NOERROR)
                        | DnsFlags.AUTHORITATIVE
                        | (count < records.size() ? DnsFlags.TRUNCATED : 0);
        return head(writer.out.toByteArray(), query.id(), flags, 1, count);
    }

    private void record(DnsRecord record) {
        name(record.labels());
        word(record.type());
        word(DnsRecord.CLASS_IN);
        word(0);
        word(DnsRecord.TTL);
        List<byte[]> target = record.target();
        if (target == null) {
            word(record.data().length);
            out.writeBytes(record.data());
        } else {
            target(target);
        }
    }

    /** The length of a name is known once it is written. */
    private void target(List<byte[]> target) {
        int shared = compress ? shared(target) : target.size();
        boolean pointed = shared < target.size();
        word(pointed ? DnsName.length(target.subList(0, shared)) + 1 : DnsName.length(target));
        name(target);
    }

    private void name(List<byte[]> labels) {
        int shared = compress ? shared(labels) : labels.size();
        Integer place = shared < labels.size() ? places.get(key(labels, shared)) : null;
        for (int i = 0; i < shared; i++) {
            if (compress && out.size() <= MAX_OFFSET) {
                places.putIfAbsent(key(labels, i), out.size());
            }
            byte[] label = labels.get(i);
            out.write(label.length);
            out.writeBytes(label);
        }
        if (place == null) {
            out.write(0);
        } else {
            word(POINTER | place);
        }
    }

    /** From which label on the name stands in the message already. */
    private int shared(List<byte[]> labels) {
        for (int i = 0; i < labels.size(); i++) {
            if (places.containsKey(key(labels, i))) {
                return i;
            }
        }
        return labels.size();
    }

    private static String key(List<byte[]> labels, int from) {
        StringBuilder key = new StringBuilder();
        for (byte[] label : labels.subList(from, labels.size())) {
            key.append((char) label.length).append(new String(label, StandardCharsets.ISO_8859_1));
        }
        return key.toString();
    }

    private void word(int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static byte[] head(byte[] bytes, int id, int flags, int questions, int answers) {
        int[] words = {id, flags, questions, answers, 0, 0};
        for (int i = 0; i < words.length; i++) {
            bytes[2 * i] = (byte) (words[i] >> 8);
            bytes[2 * i + 1] = (byte) words[i];
        }
        return bytes;
    }
}
