package dev.attache.proxy.tls;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.ClientTransportSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code UpstreamTlsContext}, compiled. Immutable but for what its references deliver.
 *
 * @param params versions, suites, ALPN
 * @param certificate what we show when asked, or null
 * @param validation how the server is checked; null = <em>not at all</em>, as in Envoy
 * @param sni server name to send; empty = none
 * @param autoHostSni send the upstream host's name instead of {@code sni}
 * @param autoSniSanValidation the server's certificate must carry the name sent
 * @param allowRenegotiation accept TLS 1.2 renegotiation by the server
 * @param maxSessionKeys sessions kept for resumption; 0 = none, Envoy's default 1
 * @param enforceRsaKeyUsage refuse RSA certificates whose key usage forbids the use made of them
 */
public record ClientTlsSpec(
        TlsParams params,
        @Nullable SecretRef<TlsSecret.Certificate> certificate,
        @Nullable SecretRef<TlsSecret.Validation> validation,
        String sni,
        boolean autoHostSni,
        boolean autoSniSanValidation,
        boolean allowRenegotiation,
        int maxSessionKeys,
        boolean enforceRsaKeyUsage)
        implements ClientTransportSpec {

    @Override
    public boolean secure() {
        return true;
    }

    @Override
    public ClientTransport open(Scope scope) {
        return new ClientTls(this, scope);
    }
}
