package dev.attache.proxy.tls;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.transport.ServerTransport;
import dev.attache.proxy.transport.ServerTransportSpec;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code DownstreamTlsContext}, compiled. Immutable but for what its references deliver.
 *
 * @param params versions, suites, ALPN
 * @param certificates candidates for SNI and key type, in order; the first is the fallback
 * @param validation how client certificates are checked; null = none is asked for unless required
 * @param requireClientCertificate a client without certificate fails the handshake
 * @param ticketKeys configured session ticket keys, or null for keys of our own
 * @param disableStatelessResumption no tickets
 * @param disableStatefulResumption no session cache (TLS 1.2 session ids)
 * @param sessionTimeoutSeconds of tickets and cached sessions; 0 = BoringSSL's
 * @param ocspStaplePolicy what a certificate without a valid staple means
 * @param preferClientCiphers order of suites is the client's
 * @param fullScanOnSniMismatch look for a certificate with a fitting key type before the first one
 *     is taken when no name matches
 */
public record ServerTlsSpec(
        TlsParams params,
        List<SecretRef<TlsSecret.Certificate>> certificates,
        @Nullable SecretRef<TlsSecret.Validation> validation,
        boolean requireClientCertificate,
        @Nullable SecretRef<TlsSecret.TicketKeys> ticketKeys,
        boolean disableStatelessResumption,
        boolean disableStatefulResumption,
        long sessionTimeoutSeconds,
        OcspStaplePolicy ocspStaplePolicy,
        boolean preferClientCiphers,
        boolean fullScanOnSniMismatch)
        implements ServerTransportSpec {

    /** {@code DownstreamTlsContext.OcspStaplePolicy}. */
    public enum OcspStaplePolicy {
        LENIENT_STAPLING,
        STRICT_STAPLING,
        MUST_STAPLE
    }

    public ServerTlsSpec {
        certificates = List.copyOf(certificates);
    }

    @Override
    public boolean secure() {
        return true;
    }

    @Override
    public ServerTransport open(Scope scope, List<String> serverNames) {
        return new ServerTls(this, scope, serverNames);
    }

    /**
     * Why a certificate cannot be served here, by its own parameters or under the staple policy, in
     * Envoy's words, or null. Any thread.
     */
    public @Nullable String problem(TlsSecret.Certificate secret) {
        Identity identity;
        try {
            identity = Identity.of(secret);
        } catch (GeneralSecurityException e) {
            return e.getMessage();
        }
        String unfit = secret.params().problem(params);
        if (unfit != null) {
            return unfit;
        }
        if (secret.ocspStaple() != null) {
            return identity.stapleProblem();
        }
        if (identity.mustStaple()) {
            return "OCSP response is required for must-staple certificate";
        }
        return ocspStaplePolicy == OcspStaplePolicy.MUST_STAPLE
                ? "Required OCSP response is missing from TLS context"
                : null;
    }
}
