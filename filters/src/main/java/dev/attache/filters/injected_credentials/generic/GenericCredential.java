package dev.attache.filters.injected_credentials.generic;

import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A secret with something before it.
 *
 * @param prefix octets, may be empty
 */
record GenericCredential(HeaderName header, String prefix, SecretRef<TlsSecret.Generic> secret)
        implements CredentialSource {

    @Override
    public Opened open(Scope stats) {
        return new OnWorker();
    }

    /** Remembers the value that it made of the secret that was there last. */
    private final class OnWorker implements Opened {
        private TlsSecret.@Nullable Generic known;
        private @Nullable String value;

        @Override
        @SuppressWarnings("ReferenceEquality") // another object is another version of the secret
        public @Nullable String value() {
            TlsSecret.Generic now = secret.current();
            if (now != known) {
                known = now;
                value =
                        now == null || now.secret().length == 0
                                ? null
                                : prefix + new String(now.secret(), StandardCharsets.ISO_8859_1);
            }
            return value;
        }
    }
}
