package dev.attache.filters.http.jwt_authn;

import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.jwks.KeyFetch;
import dev.attache.filters.jwks.SharedKeys;
import dev.attache.filters.jwt.Jwks;
import dev.attache.proxy.pipeline.HttpFilterScope;
import org.jspecify.annotations.Nullable;

/** A provider on one worker: its keys and the tokens that were verified. Loop-confined. */
final class ProviderState {

    private final Provider provider;
    private final TokenCache tokens;
    private final @Nullable Jwks local;
    private final @Nullable KeyFetch remote;
    private final SharedSlot.@Nullable Lease<SharedKeys> lease;

    ProviderState(Provider provider, JwtAuthnStats stats, HttpFilterScope scope) {
        this.provider = provider;
        this.tokens = new TokenCache(provider.cache());
        switch (provider.keys()) {
            case KeySource.Local source -> {
                local = source.keys();
                remote = null;
                lease = null;
            }
            case KeySource.Remote source -> {
                local = null;
                lease = source.slot().lease();
                remote =
                        new KeyFetch(
                                source.set(),
                                lease.value(),
                                scope.calls(),
                                scope.worker(),
                                stats.jwksFetchSuccess(),
                                stats.jwksFetchFailed());
            }
        }
    }

    Provider provider() {
        return provider;
    }

    TokenCache tokens() {
        return tokens;
    }

    /** The keys that are here and may be used; null: none. */
    @Nullable Jwks keys() {
        return remote == null ? local : remote.keys();
    }

    /** Where keys that are not here are fetched; null: nowhere. */
    @Nullable KeyFetch remote() {
        return remote;
    }

    void close() {
        if (remote != null) {
            remote.close();
        }
        if (lease != null) {
            lease.close();
        }
    }
}
