package dev.attache.proxy.tls;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS on the dialling side of one cluster. BoringSSL takes the ALPN list per context, so there is
 * one context for each list that connections ask for (in practice one or two), made when first
 * wanted. A secret that changes replaces them all; running connections keep theirs.
 */
final class ClientTls implements ClientTransport {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    /** Port part of Netty's session cache key; the host part is the name we ask for. */
    private static final int ANY_PORT = 443;

    /**
     * Parsed secrets and the contexts made of them. Written under the transport's lock, read by
     * workers without it.
     */
    private static final class Material {
        final IdentityKeyManager keys;
        final PeerVerifier verifier;
        final Map<List<String>, ReferenceCountedOpenSslContext> contexts =
                new ConcurrentHashMap<>();

        Material(IdentityKeyManager keys, PeerVerifier verifier) {
            this.keys = keys;
            this.verifier = verifier;
        }
    }

    private final ClientTlsSpec spec;
    private final TlsStats stats;
    private final Handshakes handshakes = new Handshakes();
    private final Runnable rebuild = this::onSecretUpdate;
    private final String cipherString;
    private volatile @Nullable Material current;
    private boolean closed;

    /**
     * @throws IllegalArgumentException if secrets that are present cannot be used
     */
    ClientTls(ClientTlsSpec spec, Scope scope) {
        this.spec = spec;
        this.stats = new TlsStats(scope, "client");
        this.cipherString = TlsContexts.cipherString(spec.params());
        try {
            current = build();
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        stats.opened(references());
        references().forEach(reference -> reference.onUpdate(rebuild));
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
    private @Nullable Material build() throws GeneralSecurityException, SSLException {
        List<Identity> identities = List.of();
        if (spec.certificate() != null) {
            TlsSecret.Certificate secret = spec.certificate().current();
            if (secret == null) {
                return null;
            }
            Identity identity = Identity.parse(secret);
            identities = List.of(identity);
            stats.expires(spec.certificate().statName(), identity.leaf());
        }
        TlsSecret.Validation rules = null;
        if (spec.validation() != null) {
            rules = spec.validation().current();
            if (rules == null) {
                return null;
            }
        }
        PeerVerifier verifier = new PeerVerifier(rules, stats, handshakes);
        verifier.tellExpiration(spec.validation());
        Material material =
                new Material(
                        new IdentityKeyManager(identities, false, false, handshakes), verifier);
        // Made now so that what is wrong with versions, suites or keys shows at once.
        context(material, spec.params().alpn());
        return material;
    }

    private ReferenceCountedOpenSslContext context(Material material, List<String> alpn)
            throws SSLException {
        ReferenceCountedOpenSslContext known = material.contexts.get(alpn);
        if (known == null) {
            known = TlsContexts.client(spec, material.keys, material.verifier, alpn);
            material.contexts.put(alpn, known);
        }
        return known;
    }

    private synchronized void onSecretUpdate() {
        if (closed) {
            return;
        }
        try {
            Material next = build();
            if (next != null) {
                Material previous = current;
                current = next;
                release(previous);
            }
            stats.contextUpdates.inc();
        } catch (GeneralSecurityException | SSLException e) {
            LOG.warn("TLS secret not usable, the previous one stays: {}", e.getMessage());
        }
    }

    private static void release(@Nullable Material material) {
        if (material != null) {
            material.contexts.values().forEach(ReferenceCountedOpenSslContext::release);
            material.contexts.clear();
        }
    }

    @Override
    public boolean secure() {
        return true;
    }

    @Override
    public boolean ready() {
        return current != null;
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
        SslHandler handler;
        try {
            handler = newHandler(channel, alpn(options), sni);
        } catch (SSLException e) {
            throw new IllegalStateException("a context that was built before cannot be built", e);
        }
        if (handler == null) {
            stats.secretsNotReady.inc();
            info.transportFailureReason("TLS error: Secret is not supplied by SDS");
            listener.onTransportFailed();
            channel.close();
            return;
        }
        configure((ReferenceCountedOpenSslEngine) handler.engine(), sni);
        new Handshake(
                        handler,
                        info,
                        worker,
                        listener,
                        stats,
                        handshakes,
                        sans(options, sni),
                        spec.params(),
                        null)
                .start(channel);
    }

    private void configure(ReferenceCountedOpenSslEngine engine, String sni) {
        long ssl = engine.sslPointer();
        TlsNative.ciphers(ssl, cipherString);
        TlsNative.renegotiation(ssl, spec.allowRenegotiation());
        // Netty's own check of the peer's name stays off.
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(null);
        engine.setSSLParameters(parameters);
        // Netty sends names that java.net takes for host names; '_' is not among those.
        if (mayBeSent(sni)) {
            SSL.setTlsExtHostName(ssl, sni);
        }
        if (spec.maxSessionKeys() == 0) {
            SSL.setOptions(ssl, SSL.SSL_OP_NO_TICKET);
        }
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

    /** The material may be replaced and freed between reading and using it: then read again. */
    private @Nullable SslHandler newHandler(Channel channel, List<String> alpn, String sni)
            throws SSLException {
        while (true) {
            Material material = current;
            if (material == null) {
                return null;
            }
            ReferenceCountedOpenSslContext context = material.contexts.get(alpn);
            if (context == null) {
                addContext(alpn);
                continue;
            }
            try {
                context.retain();
            } catch (IllegalReferenceCountException e) {
                continue;
            }
            try {
                // The peer host is the key of the session cache.
                return context.newHandler(
                        channel.alloc(), mayBeSent(sni) ? sni : "0.0.0.0", ANY_PORT);
            } finally {
                context.release();
            }
        }
    }

    /** Once per list of protocols and material; the rare case that waits for a rotation. */
    private synchronized void addContext(List<String> alpn) throws SSLException {
        Material material = current;
        if (material != null) {
            context(material, alpn);
        }
    }

    /** An IP address is never sent as SNI. */
    private static boolean mayBeSent(String sni) {
        return !sni.isEmpty()
                && !NetUtil.isValidIpV4Address(sni)
                && !NetUtil.isValidIpV6Address(sni);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        references().forEach(reference -> reference.removeListener(rebuild));
        Material previous = current;
        current = null;
        release(previous);
    }
}
