package dev.attache.agent.names;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the machine's servers: one after the other, in another order each time, or all at once, and
 * takes the first answer. So many questions at once and no more. Loop of names only.
 */
final class Forwarder {

    private static final Logger LOG = LoggerFactory.getLogger("agent.dns");

    /** Questions that may be under way; those beyond are refused. */
    static final int MOST = 1000;

    private final Sockets sockets;
    private final List<InetSocketAddress> servers;
    private final boolean parallel;
    private final Duration timeout;
    private final NameMetrics metrics;
    private int asking;

    Forwarder(
            Sockets sockets,
            List<InetSocketAddress> servers,
            boolean parallel,
            Duration timeout,
            NameMetrics metrics) {
        this.sockets = sockets;
        this.servers = servers;
        this.parallel = parallel;
        this.timeout = timeout;
        this.metrics = metrics;
    }

    /**
     * Asks for the answer to a question.
     *
     * @param limit how long the answer may be
     * @param answer takes it, perhaps before this returns; a failure where nobody has one
     */
    void ask(DnsMessage query, boolean tcp, int limit, Consumer<byte[]> answer) {
        metrics.forwarded().add(1);
        if (servers.isEmpty() || asking >= MOST) {
            answer.accept(failure(query));
            return;
        }
        asking++;
        long began = System.nanoTime();
        Waiter whole =
                heard -> {
                    asking--;
                    metrics.duration().observe((System.nanoTime() - began) / 1e9);
                    answer.accept(heard == null ? failure(query) : own(query, heard, limit));
                };
        if (parallel) {
            new All(query, tcp, limit, whole).ask();
        } else {
            List<InetSocketAddress> order = new ArrayList<>(servers);
            Collections.shuffle(order);
            inTurn(order, query, tcp, limit, whole);
        }
    }

    private byte[] failure(DnsMessage query) {
        metrics.failures().add(1);
        return AnswerWriter.status(query, AnswerWriter.reply(query, DnsFlags.SERVFAIL));
    }

    /** The answer with the client's id; one that is too long for it says no more than that. */
    private static byte[] own(DnsMessage query, byte[] heard, int limit) {
        byte[] answer = heard;
        if (heard.length > limit) {
            int flags = DnsMessage.word(heard, 2) | DnsFlags.TRUNCATED;
            answer = AnswerWriter.status(query, flags);
        }
        answer[0] = query.bytes()[0];
        answer[1] = query.bytes()[1];
        return answer;
    }

    private void inTurn(
            List<InetSocketAddress> left, DnsMessage query, boolean tcp, int limit, Waiter whole) {
        InetSocketAddress server = left.getFirst();
        begin(
                server,
                query,
                tcp,
                limit,
                heard -> {
                    if (heard != null || left.size() == 1) {
                        whole.heard(heard);
                    } else {
                        inTurn(left.subList(1, left.size()), query, tcp, limit, whole);
                    }
                });
    }

    private Exchange begin(
            InetSocketAddress server, DnsMessage query, boolean tcp, int limit, Waiter waiter) {
        return Exchange.begin(
                sockets,
                tcp,
                server,
                query,
                limit,
                timeout,
                heard -> {
                    if (heard == null) {
                        LOG.info("upstream failure: no answer of {}", server);
                    }
                    waiter.heard(heard);
                });
    }

    /** All servers at once. */
    private final class All {
        private final DnsMessage query;
        private final boolean tcp;
        private final int limit;
        private final Waiter whole;
        private final List<Exchange> exchanges = new ArrayList<>();
        private int open = servers.size();
        private boolean done;

        All(DnsMessage query, boolean tcp, int limit, Waiter whole) {
            this.query = query;
            this.tcp = tcp;
            this.limit = limit;
            this.whole = whole;
        }

        void ask() {
            for (InetSocketAddress server : servers) {
                if (!done) {
                    exchanges.add(begin(server, query, tcp, limit, this::heard));
                }
            }
        }

        private void heard(byte @Nullable [] answer) {
            open--;
            if (!done && (answer != null || open == 0)) {
                done = true;
                exchanges.forEach(Exchange::cancel);
                whole.heard(answer);
            }
        }
    }
}
