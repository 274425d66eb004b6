package dev.attache.proxy.listener;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Peer;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.listener.filter.HttpInspectorSpec;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.listener.filter.OriginalDstSpec;
import dev.attache.proxy.listener.filter.ProxyProtocolSpec;
import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import dev.attache.proxy.tls.x509.CertificateReader;
import dev.attache.proxy.transport.ClientVerdict;
import dev.attache.proxy.transport.ServerTransport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a connection that nobody makes: which listener takes it, what its listener
 * filters would find out, which chain it is given and what the network filters there say. The
 * search for listener and chain is that of {@link AcceptedSocket}. Loop-confined.
 */
final class ConnectionExplanation {

    private final WorkerListeners owner;
    private final Question question;
    private final ConnectionInfo info;
    private final Explanation into;

    ConnectionExplanation(
            WorkerListeners owner, Question question, ConnectionInfo info, Explanation into) {
        this.owner = owner;
        this.question = question;
        this.info = info;
        this.into = into;
    }

    void run(ActiveListener first) {
        ActiveListener listener = first;
        into.part("listener")
                .say("name", listener.spec().name())
                .say("address", listener.spec().address().toString())
                .say("direction", listener.spec().trafficDirection().name());
        if (!listener.spec().bindToPort()
                && question.destination() != null
                && !question.destination().equals(listener.spec().address())) {
            // It is reached by hand-off alone, which goes by a destination that was restored.
            info.restoreLocalAddress(question.destination());
        }
        filters(listener);
        ActiveListener target = owner.handOff(listener, info);
        if (target != null) {
            into.part("listener").say("handed_to", target.spec().name());
            listener = target;
            filters(listener);
        }
        info.listenerName(listener.spec().name());
        if (info.detectedTransportProtocol().isEmpty()) {
            info.detectedTransportProtocol("raw_buffer");
        }
        ActiveChain chain = listener.findChain(info);
        Explanation said = into.part("filter_chain");
        said.say("found", chain != null);
        if (chain != null) {
            said.say("name", chain.open().spec().name())
                    .say("default", chain.open() == listener.open().fallback());
        }
        listener.explainChains(info, said);
        if (chain == null) {
            into.part("outcome")
                    .say("what", "the connection is closed")
                    .say("details", "filter_chain_not_found");
            return;
        }
        within(chain, said);
    }

    private void within(ActiveChain chain, Explanation said) {
        info.filterChainName(chain.open().spec().name());
        boolean secure = chain.secureTransport();
        said.say("transport", secure ? "tls" : "raw_buffer");
        if (secure != question.tls()) {
            said.say(
                    "warning",
                    secure
                            ? "the chain wants TLS, which the client does not speak: its connection"
                                    + " is closed"
                            : "the client speaks TLS, which the chain passes on as it is: filters see"
                                    + " encrypted bytes");
        }
        if (secure && !handshake(chain.open().transport())) {
            return;
        }
        into.empty("network_filters");
        for (int i = 0; i < chain.factories().size(); i++) {
            boolean last = i == chain.factories().size() - 1;
            Explanation filter = into.item("network_filters").say("name", chain.filterName(i));
            // What the last one says is what becomes of the request: it stands at the top.
            chain.factories().get(i).explain(info, question, last ? into : filter);
            if (!last && noted(filter)) {
                return;
            }
        }
    }

    /** What a network filter says is of the whole, too; true where it closes the connection. */
    private boolean noted(Explanation filter) {
        String name = filter.text("name");
        if (filter.text("asks") != null) {
            into.item("assumed").say("filter", name).say("asks", filter.text("asks"));
        }
        if (Explanation.RUNS.equals(filter.text("would"))) {
            into.item("not_run").say("filter", name);
        }
        if (filter.text("closes") == null) {
            return false;
        }
        into.part("outcome")
                .say("what", "the connection is closed by filter " + name)
                .say("details", filter.text("closes"));
        return true;
    }

    /** False where it fails. */
    private boolean handshake(ServerTransport transport) {
        ClientVerdict verdict = transport.judge(question.peer());
        // Who is not asked for a certificate shows none.
        Peer peer = verdict.asked() ? question.peer() : null;
        Explanation said = into.part("client_certificate").say("asked", verdict.asked());
        if (peer != null) {
            CertificateNames names = CertificateReader.read(peer.leaf());
            said.say("subject", names.subject())
                    .say("uri_sans", names.uriSans())
                    .say("dns_sans", names.dnsSans())
                    .say("validated", verdict.validated());
            if (peer.namesAlone()) {
                said.say("note", "of its names alone: that its chain is good is taken for granted");
            }
        }
        if (verdict.refusal() != null) {
            into.part("outcome")
                    .say("what", "the handshake fails")
                    .say("details", verdict.refusal());
            return false;
        }
        info.secured(true);
        info.tls(
                new ExplainedTls(
                        question.serverName(),
                        transport.selectProtocol(question.applicationProtocols()),
                        peer == null ? List.of() : peer.chain(),
                        peer != null && verdict.validated(),
                        verdict.shown()),
                info.startNanos());
        return true;
    }

    private void filters(ActiveListener listener) {
        boolean inspected = false;
        for (int i = 0; i < listener.filters().size(); i++) {
            ListenerFilterSpec spec = listener.filters().get(i).spec();
            Explanation said = into.item("listener_filters").say("name", listener.filterName(i));
            boolean disabled = listener.disabled(i, info);
            said.say("enabled", !disabled);
            if (!disabled) {
                inspected |= spec instanceof TlsInspectorSpec;
                said.say("would", effect(spec));
            }
        }
        if (question.tls() && !inspected) {
            into.part("listener")
                    .say(
                            "warning",
                            "no tls_inspector: the server name and application protocols of the"
                                    + " client are not known when the filter chain is chosen");
        }
    }

    private @Nullable String effect(ListenerFilterSpec spec) {
        return switch (spec) {
            case TlsInspectorSpec ignored -> inspectTls();
            case HttpInspectorSpec ignored -> inspectHttp();
            case OriginalDstSpec ignored -> restore();
            case ProxyProtocolSpec ignored ->
                    "take source and destination from a PROXY header, as the question gives them";
            default -> Explanation.RUNS;
        };
    }

    private String inspectTls() {
        if (!question.tls()) {
            return "find no TLS";
        }
        info.detectedTransportProtocol("tls");
        info.requestedServerName(question.serverName());
        info.requestedApplicationProtocols(question.applicationProtocols());
        return "find TLS with server name '"
                + (question.serverName() == null ? "" : question.serverName())
                + "' and protocols "
                + question.applicationProtocols();
    }

    private String inspectHttp() {
        if (question.tls() || question.method() == null) {
            return "find no HTTP in the clear";
        }
        List<String> offered = question.applicationProtocols();
        info.requestedApplicationProtocols(offered.isEmpty() ? List.of("http/1.1") : offered);
        return "find " + info.requestedApplicationProtocols();
    }

    private String restore() {
        if (question.destination() == null) {
            return "find no other destination";
        }
        info.restoreLocalAddress(question.destination());
        return "restore the destination " + question.destination();
    }
}
