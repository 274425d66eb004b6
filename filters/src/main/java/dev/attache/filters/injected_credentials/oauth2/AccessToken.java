package dev.attache.filters.injected_credentials.oauth2;

import org.jspecify.annotations.Nullable;

/** The token that was fetched last, for all who use it. The main loop writes, any thread reads. */
final class AccessToken {

    private volatile @Nullable String value;

    /** As the header has it, octets; null: none was fetched yet. */
    @Nullable String value() {
        return value;
    }

    void put(String token) {
        value = "Bearer " + token;
    }
}
