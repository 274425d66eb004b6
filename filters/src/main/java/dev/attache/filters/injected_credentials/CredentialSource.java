package dev.attache.filters.injected_credentials;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.stats.Scope;
import org.jspecify.annotations.Nullable;

/** Where a credential comes from (Envoy's {@code CredentialInjector}). Immutable, any thread. */
public interface CredentialSource {

    /** The header that carries it. */
    HeaderName header();

    /** Whether the main loop fetches it, for listeners only. */
    default boolean fetched() {
        return false;
    }

    /**
     * Opens it on a worker, on its loop.
     *
     * @param stats {@code http.<stat_prefix>.credential_injector.}
     */
    Opened open(Scope stats);

    /** A source on one worker. Loop-confined. */
    interface Opened extends AutoCloseable {

        /** The header's value, octets; null while there is none. */
        @Nullable String value();

        @Override
        default void close() {}
    }
}
