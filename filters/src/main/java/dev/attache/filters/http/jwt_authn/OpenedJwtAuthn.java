package dev.attache.filters.http.jwt_authn;

import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.stats.Scope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filter on one worker: what it counts, and the state of its providers. Loop-confined. */
final class OpenedJwtAuthn implements HttpFilterFactory {

    private final JwtAuthnSpec spec;
    private final JwtAuthnStats stats;
    private final ProviderState[] providers;
    private final Map<String, ProviderState> byIssuer = new HashMap<>();

    OpenedJwtAuthn(JwtAuthnSpec spec, HttpFilterScope scope) {
        this.spec = spec;
        Scope own = JwtAuthnStats.scope(scope.stats(), spec.statPrefix());
        this.stats = JwtAuthnStats.of(own, scope.worker().index());
        this.providers = new ProviderState[spec.providers().size()];
        for (int i = 0; i < providers.length; i++) {
            Provider provider = spec.providers().get(i);
            if (provider.keys() instanceof KeySource.Remote remote) {
                remote.counts()
                        .into(own.counter("jwks_fetch_success"), own.counter("jwks_fetch_failed"));
            }
            providers[i] = new ProviderState(provider, stats, scope);
        }
        spec.byIssuer()
                .forEach((issuer, provider) -> byIssuer.put(issuer, providers[provider.index()]));
    }

    @Override
    public HttpFilter newFilter() {
        return new JwtAuthnFilter(this);
    }

    JwtAuthnSpec spec() {
        return spec;
    }

    JwtAuthnStats stats() {
        return stats;
    }

    ProviderState of(Provider provider) {
        return providers[provider.index()];
    }

    /** The provider whose tokens have this issuer, or one for tokens of any; null: none. */
    @Nullable ProviderState byIssuer(String issuer) {
        ProviderState named = byIssuer.get(issuer);
        return named == null ? byIssuer.get("") : named;
    }

    /** Where a failure is noted that belongs to no provider; null: nowhere. */
    @Nullable Provider only() {
        return providers.length == 1 ? providers[0].provider() : null;
    }

    @Override
    public void close() {
        for (ProviderState provider : providers) {
            provider.close();
        }
    }
}
