package dev.attache.filters.http.jwt_authn;

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
}
