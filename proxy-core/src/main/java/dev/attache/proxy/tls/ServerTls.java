package dev.attache.proxy.tls;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Peer;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.tls.secret.CertificateParams;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.transport.ClientVerdict;
import dev.attache.proxy.transport.ServerTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on the accepting side of one filter chain. The BoringSSL context is its own, because tickets
 * and cached sessions belong to a context and must not be taken by another chain; what is slow to
 * make, the parsed secrets, is shared. A secret that changes makes a new context, which the next
 * handshake on any worker takes.
 */
final class ServerTls implements ServerTransport {

    /** Parsed secrets and the context made of them. */
    private record Served(
            List<Identity> identities,
            List<CertificateParams> params,
            PeerVerifier verifier,
            TlsSecret.@Nullable TicketKeys ticketKeys,
            IdentityKeyManager certificates,
            ReferenceCountedOpenSslContext context)
            implements Rotation.Material {

        @Override
        public void release() {
            context.release();
        }
    }

    private final ServerTlsSpec spec;
    private final List<String> serverNames;
    private final TlsStats stats;
    private final String cipherString;
    private final Function<TlsSecret.Certificate, @Nullable String> check;
    private final Rotation<Served> rotation;

    /**
     * @throws IllegalArgumentException if secrets that are present cannot be used
     */
    ServerTls(ServerTlsSpec spec, Scope scope, List<String> serverNames) {
        this.spec = spec;
        this.serverNames = serverNames;
        this.stats = new TlsStats(scope, "server");
        this.cipherString = TlsContexts.cipherString(spec.params());
        this.rotation = new Rotation<>(references(), this::build, stats);
        this.check = spec::problem;
        spec.certificates().forEach(reference -> reference.addCheck(check));
    }

    private List<SecretRef<?>> references() {
        List<SecretRef<?>> references = new ArrayList<>(spec.certificates());
        if (spec.validation() != null) {
            references.add(spec.validation());
        }
        if (spec.ticketKeys() != null) {
            references.add(spec.ticketKeys());
        }
        return references;
    }

    /** Null while a secret is missing. */
    private @Nullable Served build(@Nullable Served previous)
            throws GeneralSecurityException, SSLException {
        List<Identity> identities = identities();
        List<CertificateParams> params = params();
        SecretRef<TlsSecret.Validation> validation = spec.validation();
        TlsSecret.Validation rules = validation == null ? null : validation.current();
        SecretRef<TlsSecret.TicketKeys> tickets = spec.ticketKeys();
        TlsSecret.TicketKeys ticketKeys = tickets == null ? null : tickets.current();
        if (identities == null
                || validation != null && rules == null
                || tickets != null && ticketKeys == null) {
            return null;
        }
        if (previous != null
                && previous.identities.equals(identities)
                && previous.params.equals(params)
                && previous.verifier.rules() == rules
                && previous.ticketKeys == ticketKeys) {
            return previous;
        }
        PeerVerifier verifier = new PeerVerifier(rules, stats);
        verifier.tellExpiration(validation);
        IdentityKeyManager certificates =
                new IdentityKeyManager(
                        identities,
                        CertificateTuning.of(params, spec.params()),
                        spec.fullScanOnSniMismatch(),
                        spec.ocspStaplePolicy());
        return new Served(
                identities,
                params,
                verifier,
                ticketKeys,
                certificates,
                TlsContexts.server(spec, certificates, verifier, ticketKeys, serverNames));
    }

    private @Nullable List<Identity> identities() throws GeneralSecurityException {
        List<Identity> identities = new ArrayList<>();
        for (SecretRef<TlsSecret.Certificate> reference : spec.certificates()) {
            TlsSecret.Certificate secret = reference.current();
            if (secret == null) {
                return null;
            }
            String problem = spec.problem(secret);
            if (problem != null) {
                throw new GeneralSecurityException(problem);
            }
            Identity identity = Identity.of(secret);
            identities.add(identity);
            stats.expires(reference.statName(), identity.leaf());
        }
        return identities;
    }

    private List<CertificateParams> params() {
        List<CertificateParams> params = new ArrayList<>();
        for (SecretRef<TlsSecret.Certificate> reference : spec.certificates()) {
            TlsSecret.Certificate secret = reference.current();
            params.add(secret == null ? CertificateParams.NONE : secret.params());
        }
        return params;
    }

    @Override
    public boolean secure() {
        return true;
    }

    @Override
    public boolean ready() {
        return rotation.current() != null;
    }

    @Override
    public void install(
            Channel channel,
            ConnectionInfo info,
            WorkerContext worker,
            TransportListener listener) {
        Served served = rotation.current();
        SslHandler handler = null;
        while (served != null && handler == null) {
            handler = TlsContexts.newHandler(served.context, channel.alloc(), null, -1);
            served = handler == null ? rotation.current() : served;
        }
        if (served == null || handler == null) {
            stats.secretsNotReady.inc();
            info.transportFailureReason("TLS error: Secret is not supplied by SDS");
            listener.onTransportFailed();
            channel.close();
            return;
        }
        ReferenceCountedOpenSslEngine engine = (ReferenceCountedOpenSslEngine) handler.engine();
        long ssl = engine.sslPointer();
        TlsNative.ciphers(ssl, cipherString);
        if (spec.disableStatelessResumption()) {
            SSL.setOptions(ssl, SSL.SSL_OP_NO_TICKET);
        }
        if (spec.preferClientCiphers()) {
            SSL.clearOptions(ssl, SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
        }
        new Handshake(
                        handler,
                        info,
                        worker,
                        listener,
                        stats,
                        served.verifier,
                        List.of(),
                        spec.params(),
                        new FirstBytes(served.certificates))
                .start(channel);
    }

    @Override
    public ClientVerdict judge(@Nullable Peer peer) {
        Served served = rotation.current();
        if (served == null) {
            return new ClientVerdict(
                    false, false, "TLS error: Secret is not supplied by SDS", null);
        }
        X509Certificate shown =
                served.identities.size() == 1 ? served.identities.getFirst().leaf() : null;
        ClientAuth auth = TlsContexts.clientAuth(spec, served.verifier);
        if (auth == ClientAuth.NONE) {
            return new ClientVerdict(false, false, null, shown);
        }
        if (peer == null) {
            String refusal =
                    auth == ClientAuth.REQUIRE
                            ? "peer did not provide required client certificate"
                            : null;
            return new ClientVerdict(true, false, refusal, shown);
        }
        PeerVerifier.Judgement judgement =
                peer.namesAlone()
                        ? served.verifier.judgeNames(peer.leaf())
                        : served.verifier.judge(peer.chain(), List.of(), false);
        String refusal = judgement.refusal();
        return new ClientVerdict(
                true,
                judgement.validated(),
                refusal == null ? null : "verify cert failed: " + refusal,
                shown);
    }

    @Override
    public @Nullable String selectProtocol(List<String> offered) {
        return spec.params().alpn().stream().filter(offered::contains).findFirst().orElse(null);
    }

    @Override
    public void close() {
        spec.certificates().forEach(reference -> reference.removeCheck(check));
        rotation.close();
    }
}
