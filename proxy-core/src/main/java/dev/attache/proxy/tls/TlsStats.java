package dev.attache.proxy.tls;

import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatFamily;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.secret.SecretRef;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@code ssl.*} stats of one listener or cluster. Written once or twice per handshake, from any
 * worker, so plain shared counters do.
 */
final class TlsStats {

    /** Ends the gauge of each certificate: seconds since 1970 at which it expires. */
    private static final String EXPIRATION = ".expiration_unix_time_seconds";

    private final Scope scope;
    private final ConcurrentHashMap<String, Counter> named = new ConcurrentHashMap<>();
    final Counter handshake;
    final Counter connectionError;
    final Counter sessionReused;
    final Counter noCertificate;
    final Counter failVerifyNoCert;
    final Counter failVerifyError;
    final Counter failVerifySan;
    final Counter failVerifyCertHash;
    final Counter ocspStapleResponses;
    final Counter ocspStapleOmitted;
    final Counter ocspStapleFailed;
    final Counter ocspStapleRequests;
    final Counter contextUpdates;
    final Counter secretsNotReady;

    private static final StatFamily FACTORY =
            StatFamily.builder()
                    .counters(
                            "downstream_context_secrets_not_ready",
                            "ssl_context_update_by_sds",
                            "upstream_context_secrets_not_ready")
                    .build();

    /**
     * @param owner the listener's or cluster's scope
     * @param side {@code server} or {@code client}, as in {@code server_ssl_socket_factory}
     */
    TlsStats(Scope owner, String side) {
        this.scope = owner.scope("ssl.");
        this.handshake = scope.counter("handshake");
        this.connectionError = scope.counter("connection_error");
        this.sessionReused = scope.counter("session_reused");
        this.noCertificate = scope.counter("no_certificate");
        this.failVerifyNoCert = scope.counter("fail_verify_no_cert");
        this.failVerifyError = scope.counter("fail_verify_error");
        this.failVerifySan = scope.counter("fail_verify_san");
        this.failVerifyCertHash = scope.counter("fail_verify_cert_hash");
        this.ocspStapleResponses = scope.counter("ocsp_staple_responses");
        this.ocspStapleOmitted = scope.counter("ocsp_staple_omitted");
        this.ocspStapleFailed = scope.counter("ocsp_staple_failed");
        this.ocspStapleRequests = scope.counter("ocsp_staple_requests");
        Scope factory = owner.scope(side + "_ssl_socket_factory.");
        factory.declare(FACTORY);
        this.contextUpdates = factory.counter("ssl_context_update_by_sds");
        this.secretsNotReady =
                factory.counter(
                        side.equals("server")
                                ? "downstream_context_secrets_not_ready"
                                : "upstream_context_secrets_not_ready");
    }

    /** As in Envoy, a secret of SDS that was there before counts as an update of the context. */
    void opened(List<SecretRef<?>> secrets) {
        for (SecretRef<?> secret : secrets) {
            if (!secret.name().isEmpty() && secret.current() != null) {
                contextUpdates.inc();
            }
        }
    }

    /**
     * Tells when a certificate ends, ours or the first that we trust.
     *
     * @param name of the secret, see {@link SecretRef#statName}; empty = is not told
     */
    void expires(String name, X509Certificate certificate) {
        if (!name.isEmpty()) {
            scope.expires(
                    "certificate." + StatsStore.sanitize(name) + EXPIRATION,
                    certificate.getNotAfter().toInstant().getEpochSecond());
        }
    }

    /**
     * Counts a finished handshake under {@code versions.}, {@code ciphers.}, {@code curves.} and
     * {@code sigalgs.}.
     *
     * @param signature see {@link PeerSignature}, or empty
     */
    void finished(TlsInfo info, String signature, boolean reused) {
        handshake.inc();
        counter("versions.", info.version()).inc();
        counter("ciphers.", info.cipher()).inc();
        if (!info.group().isEmpty()) {
            counter("curves.", info.group()).inc();
        }
        if (!signature.isEmpty()) {
            counter("sigalgs.", signature).inc();
        }
        if (reused) {
            sessionReused.inc();
        }
    }

    /** Counts what became of a client's wish for an OCSP response. */
    void stapling(IdentityKeyManager.Stapling result) {
        if (result == IdentityKeyManager.Stapling.NOT_ASKED) {
            return;
        }
        ocspStapleRequests.inc();
        switch (result) {
            case STAPLED -> ocspStapleResponses.inc();
            case OMITTED -> ocspStapleOmitted.inc();
            case FAILED -> ocspStapleFailed.inc();
            case NOT_ASKED -> {}
        }
    }

    private Counter counter(String kind, String name) {
        Counter known = named.get(name);
        return known != null ? known : named.computeIfAbsent(name, n -> scope.counter(kind + n));
    }
}
