package dev.attache.filters.jwks;

import dev.attache.filters.jwt.Jwks;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one remote set, as they were fetched last, for all who use it. Whoever fetches writes
 * them, any thread reads them.
 */
public final class SharedKeys {

    private record Held(Jwks keys, long until, boolean forGood) {}

    private volatile @Nullable Held held;

    /**
     * The keys, or null where none were fetched, or their time is over.
     *
     * @param nanoTime monotonic
     */
    public @Nullable Jwks get(long nanoTime) {
        Held now = held;
        return now == null || !now.forGood() && nanoTime - now.until() >= 0 ? null : now.keys();
    }

    /** Keeps keys for a time. */
    public void put(Jwks keys, long nanoTime, long millis) {
        held = new Held(keys, nanoTime + millis * 1_000_000, false);
    }

    /** Keeps keys until others are put in their place. */
    public void put(Jwks keys) {
        held = new Held(keys, 0, true);
    }
}
