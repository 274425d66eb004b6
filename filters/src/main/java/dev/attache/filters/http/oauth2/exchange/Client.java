package dev.attache.filters.http.oauth2.exchange;

import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import org.jspecify.annotations.Nullable;

/**
 * Who asks the token endpoint, and how it is told that it is he. Immutable.
 *
 * @param id octets
 * @param secret {@code token_secret}; null where TLS says who asks
 * @param assertion what a key signs; only with {@link How#PRIVATE_KEY_JWT}
 */
public record Client(
        String id,
        How how,
        @Nullable SecretRef<TlsSecret.Generic> secret,
        @Nullable Assertion assertion) {

    /** {@code auth_type}. */
    public enum How {
        URL_ENCODED_BODY,
        BASIC_AUTH,
        TLS_CLIENT_AUTH,
        PRIVATE_KEY_JWT
    }

    /**
     * {@code private_key_jwt_config}.
     *
     * @param algorithm RS256, RS384, RS512, ES256, ES384 or ES512
     * @param audience octets
     */
    public record Assertion(String algorithm, long lifetimeSeconds, String audience) {}

    /** Whether there is all that asking takes. */
    public boolean isReady() {
        if (how == How.TLS_CLIENT_AUTH) {
            return true;
        }
        TlsSecret.Generic current = secret == null ? null : secret.current();
        return current != null
                && (current.secret().length > 0
                        || how == How.PRIVATE_KEY_JWT
                                && current.named().containsKey(ClientAssertion.KEY));
    }
}
