package dev.attache.proxy.network.http;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.explain.Decision;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Peer;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import dev.attache.proxy.worker.FaultLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream while decisions are kept or told: what it asked, as it came. There is none where
 * nothing of that is switched on. Loop-confined.
 */
final class StreamRecord {

    /** A request says the secret in it, the response says why. */
    static final HeaderName HEADER = HeaderName.of("x-attache-explain");

    /** A longer answer is cut down to what it comes to: peers limit their heads. */
    static final int MOST_OCTETS = 4096;

    private static final FaultLog FAULTS = new FaultLog("http");

    private final HttpConnectionManagerFactory chain;
    private final Question question;
    private final boolean told;

    private StreamRecord(HttpConnectionManagerFactory chain, Question question, boolean told) {
        this.chain = chain;
        this.question = question;
        this.told = told;
    }

    /** Takes down a request as it came, of which the secret is removed; null: nobody asks. */
    static @Nullable StreamRecord of(
            HttpConnectionManagerFactory chain, StreamInfo info, Headers request) {
        Explaining explaining = chain.context().explaining();
        boolean told = explaining.tells() && knowsSecret(explaining, request);
        return told || explaining.keepsDecisions()
                ? new StreamRecord(chain, question(info, request), told)
                : null;
    }

    private static boolean knowsSecret(Explaining explaining, Headers request) {
        String said = request.get(HEADER);
        if (said == null) {
            return false;
        }
        request.remove(HEADER);
        return explaining.isSecret(said.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Question question(StreamInfo info, Headers request) {
        ConnectionInfo connection = info.downstream();
        List<Question.Field> fields = new ArrayList<>(request.size());
        for (int i = 0; i < request.size(); i++) {
            String name = request.name(i);
            if (!name.startsWith(":")) {
                fields.add(new Question.Field(name, request.value(i)));
            }
        }
        TlsInfo tls = connection.tls();
        return new Question(
                connection.listenerName(),
                connection.localAddress() instanceof IpAddress ip ? ip : null,
                connection.remoteAddress() instanceof IpAddress ip ? ip : null,
                tls != null,
                tls == null ? connection.requestedServerName() : tls.requestedServerName(),
                offered(connection, tls),
                peer(tls),
                info.protocol() == Protocol.HTTP2,
                request.get(HeaderName.METHOD),
                request.get(HeaderName.SCHEME),
                request.get(HeaderName.AUTHORITY),
                request.get(HeaderName.PATH),
                fields,
                info.random);
    }

    /** What was negotiated, where no listener filter has seen what was offered. */
    private static List<String> offered(ConnectionInfo connection, @Nullable TlsInfo tls) {
        List<String> offered = connection.requestedApplicationProtocols();
        String alpn = tls == null ? null : tls.alpn();
        return offered.isEmpty() && alpn != null ? List.of(alpn) : offered;
    }

    /** A certificate that Java cannot read is left out. */
    private static @Nullable Peer peer(@Nullable TlsInfo tls) {
        if (tls == null || !tls.peerCertificatePresented()) {
            return null;
        }
        try {
            return new Peer(tls.peerCertificates(), false);
        } catch (RuntimeException e) {
            FAULTS.error("a client's certificate is left out of what is kept of its request", e);
            return null;
        }
    }

    /** Says why in the head of the response, where the request knew the secret. */
    void tell(StreamInfo info, Headers response) {
        if (told) {
            response.set(HEADER, why(info));
        }
    }

    /** A fault in it costs the answer, not the response. */
    private String why(StreamInfo info) {
        try {
            Explanation why = new Explanation();
            HttpExplanation.explain(chain, info.downstream(), question, why);
            String text = ExplanationJson.compact(headline(info, why, true));
            if (text.length() > MOST_OCTETS) {
                text = ExplanationJson.compact(headline(info, why, false));
            }
            return text.length() > MOST_OCTETS ? "{\"error\":\"too long\"}" : text;
        } catch (RuntimeException e) {
            FAULTS.error("a request could not be explained", e);
            return "{\"error\":\"failed, see the log\"}";
        }
    }

    private Explanation headline(StreamInfo info, Explanation why, boolean whole) {
        Explanation said = did(info);
        if (whole) {
            for (String name : List.of("not_matched", "http_filters", "policy", "outcome")) {
                said.take(name, why);
            }
        }
        return said;
    }

    /** Keeps what became of it, where decisions are kept. */
    void ended(StreamInfo info) {
        long millis = info.startTimeMillis() + (info.endNanos - info.startNanos()) / 1_000_000;
        chain.context()
                .explaining()
                .add(
                        chain.context().worker().index(),
                        new Decision(info.streamId, millis, question, did(info)));
    }

    private static Explanation did(StreamInfo info) {
        UpstreamInfo upstream = info.upstream();
        return new Explanation()
                .say("listener", info.downstream().listenerName())
                .say("filter_chain", info.downstream().filterChainName())
                .say("virtual_host", info.virtualHostName)
                .say("route", info.routeName)
                .say("routed", info.routed)
                .say("cluster", info.clusterName)
                .say(
                        "upstream_host",
                        upstream == null || upstream.host == null ? null : upstream.host.toString())
                .say("attempts", info.attemptCount)
                .say("status", info.responseCode())
                .say("details", info.responseCodeDetails())
                .say("flags", info.flags(false));
    }
}
