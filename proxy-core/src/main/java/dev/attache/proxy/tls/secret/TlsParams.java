package dev.attache.proxy.tls.secret;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code CommonTlsContext} without its secrets. Immutable.
 *
 * @param minVersion lowest version offered or accepted
 * @param maxVersion highest version
 * @param cipherSuites TLS 1.2 suites in OpenSSL's names, {@code [a|b]} for equal preference
 * @param curves OpenSSL's names, in order of preference
 * @param alpn protocols offered (client) or known (server, in order of preference)
 * @param keyLog where NSS key log lines go, or null
 */
public record TlsParams(
        TlsVersion minVersion,
        TlsVersion maxVersion,
        List<String> cipherSuites,
        List<String> curves,
        List<String> alpn,
        @Nullable KeyLog keyLog) {

    /** Envoy's defaults outside FIPS builds. */
    public static final List<String> DEFAULT_CIPHERS =
            List.of(
                    "[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]",
                    "[ECDHE-RSA-AES128-GCM-SHA256|ECDHE-RSA-CHACHA20-POLY1305]",
                    "ECDHE-ECDSA-AES256-GCM-SHA384",
                    "ECDHE-RSA-AES256-GCM-SHA384");

    /**
     * Those of Envoy 1.40, both up- and downstream: a key exchange that outlives quantum computers.
     */
    public static final List<String> DEFAULT_CURVES = List.of("X25519MLKEM768", "X25519", "P-256");

    public TlsParams {
        cipherSuites = List.copyOf(cipherSuites);
        curves = List.copyOf(curves);
        alpn = List.copyOf(alpn);
    }

    /** Envoy's server side: TLS 1.2 to 1.3. */
    public static TlsParams serverDefaults(List<String> alpn) {
        return new TlsParams(
                TlsVersion.TLS_1_2,
                TlsVersion.TLS_1_3,
                DEFAULT_CIPHERS,
                DEFAULT_CURVES,
                alpn,
                null);
    }

    /** Envoy's client side: TLS 1.2 only, unless configured. */
    public static TlsParams clientDefaults(List<String> alpn) {
        return new TlsParams(
                TlsVersion.TLS_1_2,
                TlsVersion.TLS_1_2,
                DEFAULT_CIPHERS,
                DEFAULT_CURVES,
                alpn,
                null);
    }

    /** The same with other protocols. */
    public TlsParams withAlpn(List<String> protocols) {
        return new TlsParams(minVersion, maxVersion, cipherSuites, curves, protocols, keyLog);
    }
}
