package dev.attache.agent.names;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client's message is answered with. Loop of names only, but for the table, which comes from
 * any thread.
 */
final class Answering {

    /** The least that an answer by UDP may have (RFC 1035, 4.2.1). */
    static final int LEAST_PAYLOAD = 512;

    static final int TCP_LIMIT = 65535;

    private final Forwarder forwarder;
    private final NameMetrics metrics;
    private final boolean answerUnsynced;
    private volatile @Nullable LookupTable table;

    Answering(Forwarder forwarder, NameMetrics metrics, boolean answerUnsynced) {
        this.forwarder = forwarder;
        this.metrics = metrics;
        this.answerUnsynced = answerUnsynced;
    }

    void use(LookupTable next) {
        table = next;
    }

    boolean ready() {
        return table != null;
    }

    /**
     * Answers, perhaps later.
     *
     * @param answer takes the answer, its bytes being nobody else's; is not called where the
     *     message deserves none
     */
    void answer(byte[] message, boolean tcp, Consumer<byte[]> answer) {
        if (message.length < DnsMessage.HEADER
                || (DnsMessage.word(message, 2) & DnsFlags.RESPONSE) != 0) {
            return;
        }
        int refusal = refusal(message);
        DnsMessage query = refusal == DnsFlags.NOERROR ? DnsMessage.read(message) : null;
        if (query == null) {
            int rcode = refusal == DnsFlags.NOERROR ? DnsFlags.FORMERR : refusal;
            answer.accept(AnswerWriter.status(message, refused(message, rcode)));
        } else if (!query.hasQuestion()) {
            int flags = AnswerWriter.reply(query, DnsFlags.REFUSED);
            answer.accept(AnswerWriter.status(query, flags));
        } else {
            answer(query, tcp, answer);
        }
    }

    /** Says that there is no answer, whatever is asked. */
    void fail(byte[] message, Consumer<byte[]> answer) {
        DnsMessage query = DnsMessage.read(message);
        if (query != null) {
            int flags = AnswerWriter.reply(query, DnsFlags.SERVFAIL);
            answer.accept(AnswerWriter.status(query, flags));
        }
    }

    private void answer(DnsMessage query, boolean tcp, Consumer<byte[]> answer) {
        metrics.requests().add(1);
        int limit = tcp ? TCP_LIMIT : Math.max(LEAST_PAYLOAD, query.payload());
        LookupTable current = table;
        if (current == null && !answerUnsynced) {
            int flags = AnswerWriter.reply(query, DnsFlags.SERVFAIL);
            answer.accept(AnswerWriter.status(query, flags));
            return;
        }
        List<DnsRecord> known =
                current == null ? null : current.lookup(query.type(), DnsName.lower(query.name()));
        if (known == null) {
            forwarder.ask(query, tcp, limit, answer);
        } else {
            answer.accept(AnswerWriter.answer(query, shuffled(known), limit));
        }
    }

    /** Which code a header is refused with before anything else is read; NOERROR for none. */
    private static int refusal(byte[] message) {
        int opcode = DnsMessage.word(message, 2) & DnsFlags.OPCODE;
        if (opcode != 0 && opcode != DnsFlags.NOTIFY) {
            return DnsFlags.NOTIMP;
        }
        boolean counts =
                DnsMessage.word(message, 4) == 1
                        && DnsMessage.word(message, 6) <= 1
                        && DnsMessage.word(message, 8) <= 1
                        && DnsMessage.word(message, 10) <= 2;
        return counts ? DnsFlags.NOERROR : DnsFlags.FORMERR;
    }

    /** Of a message that cannot be read the kind of question is kept where it is the matter. */
    private static int refused(byte[] message, int rcode) {
        int flags = DnsMessage.word(message, 2);
        int opcode = rcode == DnsFlags.NOTIMP ? flags & DnsFlags.OPCODE : 0;
        return DnsFlags.RESPONSE | opcode | flags & DnsFlags.RECURSION_DESIRED | rcode;
    }

    /** Addresses in another order each time, for those who take the first; an alias stays first. */
    private static List<DnsRecord> shuffled(List<DnsRecord> records) {
        if (records.size() < 2) {
            return records;
        }
        List<DnsRecord> mixed = new ArrayList<>(records);
        boolean alias = mixed.getFirst().type() == DnsMessage.CNAME;
        Collections.shuffle(alias ? mixed.subList(1, mixed.size()) : mixed);
        return mixed;
    }
}
