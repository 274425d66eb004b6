package dev.attache.proxy.tls.secret;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Key material as configuration or SDS delivers it, bytes not yet parsed. Immutable: nobody writes
 * into the arrays. {@code toString} never shows key bytes.
 */
public sealed interface TlsSecret {

    /**
     * {@code TlsCertificate}: a chain and its key, either as PEM pair or as PKCS#12.
     *
     * @param chainPem certificates, leaf first; null with {@code pkcs12}
     * @param keyPem PKCS#8, PKCS#1 or SEC1, perhaps encrypted; null with {@code pkcs12}
     * @param pkcs12 the bundle, or null
     * @param password of key or bundle, or null
     * @param ocspStaple DER response, or null
     * @param chainName file name or {@code <inline>}, for errors and {@code /certs}
     * @param keyName the same of the key
     * @param params of its own; without effect for a client
     */
    record Certificate(
            byte @Nullable [] chainPem,
            byte @Nullable [] keyPem,
            byte @Nullable [] pkcs12,
            @Nullable String password,
            byte @Nullable [] ocspStaple,
            String chainName,
            String keyName,
            CertificateParams params)
            implements TlsSecret {

        public Certificate(
                byte @Nullable [] chainPem,
                byte @Nullable [] keyPem,
                byte @Nullable [] pkcs12,
                @Nullable String password,
                byte @Nullable [] ocspStaple,
                String chainName,
                String keyName) {
            this(
                    chainPem,
                    keyPem,
                    pkcs12,
                    password,
                    ocspStaple,
                    chainName,
                    keyName,
                    CertificateParams.NONE);
        }

        /** Why it cannot be used, in Envoy's words, or null. Any thread; parses once. */
        public @Nullable String problem() {
            try {
                Identity.of(this);
                return null;
            } catch (GeneralSecurityException e) {
                return e.getMessage();
            }
        }

        @Override
        public String toString() {
            return "Certificate[" + chainName + "]";
        }
    }

    /**
     * {@code CertificateValidationContext}, a combined one already merged.
     *
     * @param caPem trusted certificates; null = no chain is built
     * @param caName file name or {@code <inline>}
     * @param crlPem revocation lists, or null
     * @param sanMatchers one must match; empty = any name
     * @param spkiPins base64 of SHA-256 over SubjectPublicKeyInfo
     * @param hashPins lower-case hex SHA-256 over the certificate, no colons
     * @param acceptUntrusted {@code trust_chain_verification: ACCEPT_UNTRUSTED}
     * @param allowExpired {@code allow_expired_certificate}
     * @param onlyVerifyLeafCrl {@code only_verify_leaf_cert_crl}
     * @param maxVerifyDepth intermediates allowed; Envoy's default 100
     * @param suppressAuthorities {@code suppress_client_ca_list}: clients are not told whose
     *     certificates are trusted
     * @param domains {@code envoy.tls.cert_validator.spiffe}: peers are checked by the bundle of
     *     their trust domain, and {@code caPem}, {@code crlPem} and pins count for nothing; null
     *     for the usual validator
     */
    record Validation(
            byte @Nullable [] caPem,
            String caName,
            byte @Nullable [] crlPem,
            List<SanMatcher> sanMatchers,
            List<String> spkiPins,
            List<String> hashPins,
            boolean acceptUntrusted,
            boolean allowExpired,
            boolean onlyVerifyLeafCrl,
            int maxVerifyDepth,
            boolean suppressAuthorities,
            @Nullable TrustDomains domains)
            implements TlsSecret {

        public static final int DEFAULT_MAX_VERIFY_DEPTH = 100;

        /** With the usual validator. */
        public Validation(
                byte @Nullable [] caPem,
                String caName,
                byte @Nullable [] crlPem,
                List<SanMatcher> sanMatchers,
                List<String> spkiPins,
                List<String> hashPins,
                boolean acceptUntrusted,
                boolean allowExpired,
                boolean onlyVerifyLeafCrl,
                int maxVerifyDepth,
                boolean suppressAuthorities) {
            this(
                    caPem,
                    caName,
                    crlPem,
                    sanMatchers,
                    spkiPins,
                    hashPins,
                    acceptUntrusted,
                    allowExpired,
                    onlyVerifyLeafCrl,
                    maxVerifyDepth,
                    suppressAuthorities,
                    null);
        }

        public Validation {
            sanMatchers = List.copyOf(sanMatchers);
            spkiPins = List.copyOf(spkiPins);
            hashPins = List.copyOf(hashPins);
        }

        /** Why it cannot be used, in Envoy's words, or null. Any thread; parses once. */
        public @Nullable String problem() {
            try {
                if (domains != null) {
                    SpiffeTrust.of(this);
                } else if (caPem != null) {
                    Trust.of(this);
                }
                return null;
            } catch (GeneralSecurityException e) {
                return e.getMessage();
            }
        }

        @Override
        public String toString() {
            return "Validation[" + caName + "]";
        }
    }

    /** {@code TlsSessionTicketKeys}: 80 bytes each, the first encrypts, all decrypt. */
    record TicketKeys(List<byte[]> keys) implements TlsSecret {

        public static final int KEY_BYTES = 80;

        public TicketKeys {
            keys = List.copyOf(keys);
        }

        @Override
        public String toString() {
            return "TicketKeys[" + keys.size() + "]";
        }
    }

    /**
     * {@code GenericSecret}: bytes for filters (OAuth2, basic auth upstream, …).
     *
     * @param secret empty where only {@code named} ones are set
     * @param named {@code secrets}, by their names
     */
    record Generic(byte[] secret, Map<String, byte[]> named) implements TlsSecret {

        public Generic {
            named = Map.copyOf(named);
        }

        @Override
        public String toString() {
            return "Generic[redacted]";
        }
    }
}
