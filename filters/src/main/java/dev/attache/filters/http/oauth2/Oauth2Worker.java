package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.cookie.Keys;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.tls.secret.TlsSecret;
import java.security.SecureRandom;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one worker and chain share: randomness, statistics, and the keys of each
 * secret for as long as that is the current one. Loop-confined.
 */
final class Oauth2Worker {

    private final HttpFilterScope scope;
    private final SecureRandom random = new SecureRandom();
    private final @Nullable Oauth2Stats own;
    private final Map<Oauth2Override, Oauth2Stats> ofRoutes = new WeakHashMap<>();
    private final Map<TlsSecret.Generic, Keys> keys = new WeakHashMap<>();

    Oauth2Worker(HttpFilterScope scope, @Nullable Oauth2Settings settings) {
        this.scope = scope;
        this.own =
                settings == null
                        ? null
                        : new Oauth2Stats(
                                scope.stats().scope(settings.statPrefix()), scope.worker().index());
    }

    SecureRandom random() {
        return random;
    }

    /** Those of the filter; null where it has no settings of its own. */
    @Nullable Oauth2Stats stats() {
        return own;
    }

    /** Those of a route stand below no prefix but their own. */
    Oauth2Stats stats(Oauth2Override ofRoute) {
        return ofRoutes.computeIfAbsent(
                ofRoute,
                key ->
                        new Oauth2Stats(
                                scope.stats().store().scope(key.settings().statPrefix()),
                                scope.worker().index()));
    }

    /** Of a secret that is not empty. */
    Keys keys(TlsSecret.Generic secret) {
        return keys.computeIfAbsent(secret, key -> new Keys(key.secret()));
    }
}
