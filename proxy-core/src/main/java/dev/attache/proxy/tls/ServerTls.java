package dev.attache.proxy.tls;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ServerTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.IllegalReferenceCountException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS on the accepting side of one filter chain. A secret that changes makes a new BoringSSL
 * context on the config plane's thread; the next handshake on any worker takes it, running
 * connections keep theirs. Material that cannot be used leaves the previous context in place.
 */
final class ServerTls implements ServerTransport {

    private static final Logger LOG = LoggerFactory.getLogger("config");
    private static final TlsSecret.TicketKeys OWN_KEYS = new TlsSecret.TicketKeys(List.of());

    private final ServerTlsSpec spec;
    private final TlsStats stats;
    private final Handshakes handshakes = new Handshakes();
    private final Runnable rebuild = this::onSecretUpdate;
    private final String cipherString;
    private volatile @Nullable ReferenceCountedOpenSslContext current;
    private boolean closed;

    /**
     * @throws IllegalArgumentException if secrets that are present cannot be used
     */
    ServerTls(ServerTlsSpec spec, Scope scope) {
        this.spec = spec;
        this.stats = new TlsStats(scope, "server");
        this.cipherString = TlsContexts.cipherString(spec.params());
        try {
            swap(build());
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        stats.opened(references());
        references().forEach(reference -> reference.onUpdate(rebuild));
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
    private @Nullable ReferenceCountedOpenSslContext build()
            throws GeneralSecurityException, SSLException {
        List<Identity> identities = new ArrayList<>();
        for (SecretRef<TlsSecret.Certificate> reference : spec.certificates()) {
            TlsSecret.Certificate secret = reference.current();
            if (secret == null) {
                return null;
            }
            Identity identity = Identity.parse(secret);
            if (spec.ocspStaplePolicy() == ServerTlsSpec.OcspStaplePolicy.MUST_STAPLE
                    && identity.ocspStaple() == null) {
                throw new GeneralSecurityException(
                        "Required OCSP response is missing from TLS context");
            }
            identities.add(identity);
            stats.expires(reference.statName(), identity.leaf());
        }
        TlsSecret.Validation rules = null;
        if (spec.validation() != null) {
            rules = spec.validation().current();
            if (rules == null) {
                return null;
            }
        }
        TlsSecret.TicketKeys ticketKeys = OWN_KEYS;
        if (spec.ticketKeys() != null) {
            TlsSecret.TicketKeys configured = spec.ticketKeys().current();
            if (configured == null) {
                return null;
            }
            ticketKeys = configured;
        }
        PeerVerifier verifier = new PeerVerifier(rules, stats, handshakes);
        verifier.tellExpiration(spec.validation());
        return TlsContexts.server(
                spec,
                new IdentityKeyManager(identities, spec.fullScanOnSniMismatch(), true, handshakes),
                verifier,
                ticketKeys);
    }

    private synchronized void onSecretUpdate() {
        if (closed) {
            return;
        }
        try {
            ReferenceCountedOpenSslContext next = build();
            if (next != null) {
                swap(next);
            }
            stats.contextUpdates.inc();
        } catch (GeneralSecurityException | SSLException e) {
            LOG.warn("TLS secret not usable, the previous one stays: {}", e.getMessage());
        }
    }

    private void swap(@Nullable ReferenceCountedOpenSslContext next) {
        ReferenceCountedOpenSslContext previous = current;
        current = next;
        if (previous != null) {
            previous.release();
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
    public void install(
            Channel channel,
            ConnectionInfo info,
            WorkerContext worker,
            TransportListener listener) {
        SslHandler handler = newHandler(channel);
        if (handler == null) {
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
                        handshakes,
                        List.of(),
                        spec.params(),
                        new FirstBytes(spec.certificates().size() > 1))
                .start(channel);
    }

    /** The context may be replaced and freed between reading and using it: then read again. */
    private @Nullable SslHandler newHandler(Channel channel) {
        while (true) {
            ReferenceCountedOpenSslContext context = current;
            if (context == null) {
                return null;
            }
            try {
                context.retain();
            } catch (IllegalReferenceCountException e) {
                continue;
            }
            try {
                return context.newHandler(channel.alloc());
            } finally {
                context.release();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        references().forEach(reference -> reference.removeListener(rebuild));
        swap(null);
    }
}
