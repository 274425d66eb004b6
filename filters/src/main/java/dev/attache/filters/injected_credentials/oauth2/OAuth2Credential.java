package dev.attache.filters.injected_credentials.oauth2;

import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stats.Scope;
import org.jspecify.annotations.Nullable;

/** The token that {@link TokenRefresh} has fetched last. */
record OAuth2Credential(SharedSlot<AccessToken> slot, TokenCounts counts)
        implements CredentialSource {

    @Override
    public HeaderName header() {
        return HeaderName.AUTHORIZATION;
    }

    @Override
    public boolean fetched() {
        return true;
    }

    @Override
    public Opened open(Scope stats) {
        counts.into(stats.scope("oauth2."));
        SharedSlot.Lease<AccessToken> lease = slot.lease();
        return new Opened() {
            @Override
            public @Nullable String value() {
                return lease.value().value();
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }
}
