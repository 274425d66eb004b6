package dev.attache.proxy.tls;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * TLS on the dialling side of one cluster. Contexts are shared with clusters that agree in what a
 * context is made of ({@link ClientContexts}); trust, names and sessions are the cluster's own. A
 * secret that changes replaces what the next connection takes.
 */
final class ClientTls implements ClientTransport {

    /** Port part of Netty's session cache key. */
    private static final int ANY_PORT = 443;

    private static final String NAME_TOO_LONG =
            "Failed to create upstream TLS due to failure setting SNI: error:100000d5:SSL routines:"
                    + "OPENSSL_internal:SSL3_EXT_INVALID_SERVERNAME";

    private static final AtomicLong SESSIONS = new AtomicLong();

    /** What the cluster's secrets are now, and the contexts taken for it by protocols offered. */
    private static final class Material implements Rotation.Material {
        final @Nullable Identity identity;
        final PeerVerifier verifier;

        /**
         * Sessions are found by it: the slash keeps it from being a host name. One of its own for
         * each cluster and each state of its secrets, as nothing else separates sessions that were
         * verified by other rules.
         */
        final String sessions = "/" + SESSIONS.incrementAndGet() + "/";

        private volatile Map<List<String>, ClientContexts.Lease> leases = Map.of();
        private boolean released;

        Material(@Nullable Identity identity, PeerVerifier verifier) {
            this.identity = identity;
            this.verifier = verifier;
        }

        /** Null once it is released. */
        @Nullable ReferenceCountedOpenSslContext context(ClientTlsSpec spec, List<String> alpn)
                throws SSLException {
            ClientContexts.Lease known = leases.get(alpn);
            return known == null ? take(spec, alpn) : known.context();
        }

        /** Once per list of protocols; most often some cluster has its context already. */
        private synchronized @Nullable ReferenceCountedOpenSslContext take(
                ClientTlsSpec spec, List<String> alpn) throws SSLException {
            if (released) {
                return null;
            }
            ClientContexts.Lease known = leases.get(alpn);
            if (known == null) {
                known =
                        ClientContexts.acquire(
                                identity, spec.params(), alpn, spec.maxSessionKeys());
                Map<List<String>, ClientContexts.Lease> more = new HashMap<>(leases);
                more.put(alpn, known);
                leases = Map.copyOf(more);
            }
            return known.context();
        }

        @Override
        public synchronized void release() {
            released = true;
            leases.values().forEach(ClientContexts.Lease::release);
            leases = Map.of();
        }
    }

    private final ClientTlsSpec spec;
    private final TlsStats stats;
    private final String cipherString;
    private final Rotation<Material> rotation;

    /**
     * @throws IllegalArgumentException if secrets that are present cannot be used
     */
    ClientTls(ClientTlsSpec spec, Scope scope) {
        this.spec = spec;
        this.stats = new TlsStats(scope, "client");
        this.cipherString = TlsContexts.cipherString(spec.params());
        this.rotation = new Rotation<>(references(), this::build, stats);
    }

    private List<SecretRef<?>> references() {
        List<SecretRef<?>> references = new ArrayList<>(2);
        if (spec.certificate() != null) {
            references.add(spec.certificate());
        }
        if (spec.validation() != null) {
            references.add(spec.validation());
        }
        return references;
    }

    /** Null while a secret is missing. */
    private @Nullable Material build(@Nullable Material previous)
            throws GeneralSecurityException, SSLException {
        SecretRef<TlsSecret.Certificate> certificate = spec.certificate();
        TlsSecret.Certificate secret = certificate == null ? null : certificate.current();
        SecretRef<TlsSecret.Validation> validation = spec.validation();
        TlsSecret.Validation rules = validation == null ? null : validation.current();
        if (certificate != null && secret == null || validation != null && rules == null) {
            return null;
        }
        Identity identity = secret == null ? null : Identity.of(secret);
        boolean sameRules = previous != null && previous.verifier.rules() == rules;
        if (sameRules && previous != null && previous.identity == identity) {
            return previous;
        }
        if (identity != null && certificate != null) {
            stats.expires(certificate.statName(), identity.leaf());
        }
        PeerVerifier verifier =
                sameRules && previous != null ? previous.verifier : new PeerVerifier(rules, stats);
        verifier.tellExpiration(validation);
        Material material = new Material(identity, verifier);
        // Taken now so that what is wrong with versions, suites or keys shows at once.
        material.context(spec, spec.params().alpn());
        return material;
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
    public boolean usesAlpn() {
        return true;
    }

    @Override
    public @Nullable String serverName() {
        return spec.sni().isEmpty() ? null : spec.sni();
    }

    @Override
    public void install(
            Channel channel,
            ConnectionInfo info,
            WorkerContext worker,
            TransportOptions options,
            TransportListener listener) {
        String sni = serverName(options);
        List<String> sans = sans(options, sni);
        Material material = rotation.current();
        SslHandler handler = null;
        while (material != null && handler == null) {
            handler = newHandler(material, channel, alpn(options), sni, sans);
            material = handler == null ? rotation.current() : material;
        }
        if (material == null || handler == null) {
            stats.secretsNotReady.inc();
            refuse("TLS error: Secret is not supplied by SDS", channel, info, listener);
            return;
        }
        String wrong = configure((ReferenceCountedOpenSslEngine) handler.engine(), sni);
        if (wrong != null) {
            ReferenceCountUtil.release(handler.engine());
            refuse(wrong, channel, info, listener);
            return;
        }
        new Handshake(
                        handler,
                        info,
                        worker,
                        listener,
                        stats,
                        material.verifier,
                        sans,
                        spec.params(),
                        null)
                .shows(material.identity)
                .start(channel);
    }

    private static void refuse(
            String why, Channel channel, ConnectionInfo info, TransportListener listener) {
        info.transportFailureReason(why);
        listener.onTransportFailed();
        channel.close();
    }

    /** Null if the material has been replaced meanwhile: then there is a newer one. */
    private @Nullable SslHandler newHandler(
            Material material, Channel channel, List<String> alpn, String sni, List<String> sans) {
        ReferenceCountedOpenSslContext context;
        try {
            context = material.context(spec, alpn);
        } catch (SSLException e) {
            throw new IllegalStateException("a context that was built before cannot be built", e);
        }
        if (context == null) {
            return null;
        }
        String session = material.sessions + sni + (sans.isEmpty() ? "" : "/" + sans);
        return TlsContexts.newHandler(context, channel.alloc(), session, ANY_PORT);
    }

    /** Null, or why there can be no handshake. */
    private @Nullable String configure(ReferenceCountedOpenSslEngine engine, String sni) {
        long ssl = engine.sslPointer();
        TlsNative.ciphers(ssl, cipherString);
        TlsNative.renegotiation(ssl, spec.allowRenegotiation());
        // Netty's own check of the peer's name stays off.
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(null);
        engine.setSSLParameters(parameters);
        if (spec.maxSessionKeys() == 0) {
            SSL.setOptions(ssl, SSL.SSL_OP_NO_TICKET);
        }
        return TlsNative.serverName(ssl, sni) ? null : NAME_TOO_LONG;
    }

    private String serverName(TransportOptions options) {
        if (options.serverNameOverride() != null) {
            return options.serverNameOverride();
        }
        if (spec.autoHostSni() && options.hostName() != null) {
            return options.hostName();
        }
        return spec.sni();
    }

    private List<String> sans(TransportOptions options, String sni) {
        if (!options.sanOverrides().isEmpty()) {
            return options.sanOverrides();
        }
        return spec.autoSniSanValidation() && !sni.isEmpty() ? List.of(sni) : List.of();
    }

    private List<String> alpn(TransportOptions options) {
        if (!options.alpnOverride().isEmpty()) {
            return options.alpnOverride();
        }
        return spec.params().alpn().isEmpty() ? options.alpnFallback() : spec.params().alpn();
    }

    @Override
    public void close() {
        rotation.close();
    }
}
