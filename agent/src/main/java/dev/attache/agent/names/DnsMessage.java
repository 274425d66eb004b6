package dev.attache.agent.names;

import org.jspecify.annotations.Nullable;

/**
 * What is looked at in a message, be it a question or an answer (RFC 1035, 4.1). Immutable.
 *
 * @param name of its first question as it was written, empty where it has no question
 * @param type of its question
 * @param dnsClass of its question
 * @param questionEnd where the question ends
 * @param end where its last record ends; what follows is nobody's
 * @param payload how long an answer by UDP may be, as its OPT record says (RFC 6891), or 0
 */
record DnsMessage(
        byte[] bytes, String name, int type, int dnsClass, int questionEnd, int end, int payload) {

    static final int HEADER = 12;
    static final int A = 1;
    static final int CNAME = 5;
    static final int AAAA = 28;
    static final int OPT = 41;

    private static final int RECORD_FIXED = 10;

    /** The message, or null where the bytes are none. One that ends with its header is one. */
    static @Nullable DnsMessage read(byte[] bytes) {
        if (bytes.length < HEADER) {
            return null;
        }
        if (bytes.length == HEADER || word(bytes, 4) == 0) {
            return withoutQuestion(bytes);
        }
        if (word(bytes, 4) != 1) {
            return null;
        }
        DnsName.Read name = DnsName.read(bytes, HEADER);
        if (name == null || name.end() + 4 > bytes.length) {
            return null;
        }
        int questionEnd = name.end() + 4;
        Records records = records(bytes, questionEnd);
        return records == null
                ? null
                : new DnsMessage(
                        bytes,
                        name.name(),
                        word(bytes, name.end()),
                        word(bytes, name.end() + 2),
                        questionEnd,
                        records.end,
                        records.payload);
    }

    private static @Nullable DnsMessage withoutQuestion(byte[] bytes) {
        Records records = bytes.length == HEADER ? new Records(HEADER, 0) : records(bytes, HEADER);
        return records == null
                ? null
                : new DnsMessage(bytes, "", 0, 0, HEADER, records.end, records.payload);
    }

    private record Records(int end, int payload) {}

    private static @Nullable Records records(byte[] bytes, int start) {
        int count = word(bytes, 6) + word(bytes, 8) + word(bytes, 10);
        int at = start;
        int payload = 0;
        for (int i = 0; i < count; i++) {
            int fixed = afterName(bytes, at);
            if (fixed < 0 || fixed + RECORD_FIXED > bytes.length) {
                return null;
            }
            int end = fixed + RECORD_FIXED + word(bytes, fixed + 8);
            if (end > bytes.length) {
                return null;
            }
            if (word(bytes, fixed) == OPT) {
                payload = word(bytes, fixed + 2);
            }
            at = end;
        }
        return new Records(at, payload);
    }

    /** Where the name ends that begins here, without following it; -1 for nowhere. */
    private static int afterName(byte[] bytes, int start) {
        int at = start;
        while (at < bytes.length) {
            int length = bytes[at] & 0xff;
            if (length == 0) {
                return at + 1;
            }
            if (length >= 0xc0) {
                return at + 2;
            }
            at += 1 + length;
        }
        return -1;
    }

    static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    int id() {
        return word(bytes, 0);
    }

    int flags() {
        return word(bytes, 2);
    }

    boolean response() {
        return (flags() & DnsFlags.RESPONSE) != 0;
    }

    int rcode() {
        return flags() & DnsFlags.RCODE;
    }

    boolean hasQuestion() {
        return questionEnd > HEADER;
    }

    /** Whether this answers the question, which an answer repeats unless it is an error. */
    boolean answers(DnsMessage query, int sentId) {
        if (!response() || id() != sentId) {
            return false;
        }
        if (!hasQuestion()) {
            return rcode() != DnsFlags.NOERROR && rcode() != DnsFlags.NXDOMAIN;
        }
        return type == query.type
                && dnsClass == query.dnsClass
                && DnsName.lower(name).equals(DnsName.lower(query.name));
    }
}
