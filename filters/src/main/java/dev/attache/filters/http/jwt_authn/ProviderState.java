package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.Jwks;
import dev.attache.proxy.pipeline.HttpFilterScope;
import org.jspecify.annotations.Nullable;

/** A provider on one worker: its keys and the tokens that were verified. Loop-confined. */
final class ProviderState {

    private final Provider provider;
    private final TokenCache tokens;

    ProviderState(Provider provider, JwtAuthnStats stats, HttpFilterScope scope) {
        this.provider = provider;
        this.tokens = new TokenCache(provider.cache());
    }

    Provider provider() {
        return provider;
    }

    TokenCache tokens() {
        return tokens;
    }

    /** The keys that are here and may be used; null: none. */
    @Nullable Jwks keys() {
        return switch (provider.keys()) {
            case KeySource.Local local -> local.keys();
        };
    }

    void close() {}
}
