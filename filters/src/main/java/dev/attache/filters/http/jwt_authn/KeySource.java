package dev.attache.filters.http.jwt_authn;

import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.jwks.FetchCounts;
import dev.attache.filters.jwks.RemoteKeySet;
import dev.attache.filters.jwks.SharedKeys;
import dev.attache.filters.jwt.Jwks;
import org.jspecify.annotations.Nullable;

/** Where the keys of a provider come from. Immutable. */
sealed interface KeySource {

    /**
     * {@code local_jwks}.
     *
     * @param keys null: the source is empty, so that no token can be verified
     */
    record Local(@Nullable Jwks keys) implements KeySource {}

    /**
     * {@code remote_jwks}.
     *
     * @param slot where its keys are, for all who use the same set
     * @param counts of what the main loop fetches
     */
    record Remote(RemoteKeySet set, SharedSlot<SharedKeys> slot, FetchCounts counts)
            implements KeySource {}
}
