package dev.attache.filters.injected_credentials.oauth2;

import dev.attache.proxy.stats.Scope;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the main loop does for a token, below {@code
 * http.<stat_prefix>.credential_injector.oauth2.}. It begins before that name is known, which comes
 * with the first worker that opens the filter. Any thread.
 */
final class TokenCounts {

    /** By their names in small letters. */
    enum Event {
        TOKEN_REQUESTED,
        TOKEN_FETCHED,
        TOKEN_FETCH_FAILED_ON_CLIENT_SECRET,
        TOKEN_FETCH_FAILED_ON_CLUSTER_NOT_FOUND,
        TOKEN_FETCH_FAILED_ON_STREAM_RESET,
        TOKEN_FETCH_FAILED_ON_BAD_TOKEN,
        TOKEN_FETCH_FAILED_ON_BAD_RESPONSE_CODE
    }

    private final long[] early = new long[Event.values().length];
    private @Nullable Scope scope;

    synchronized void count(Event event) {
        Scope known = scope;
        if (known == null) {
            early[event.ordinal()]++;
        } else {
            known.counter(name(event)).inc();
        }
    }

    /** The counters from now on; what was counted before is added to the first. */
    synchronized void into(Scope stats) {
        boolean first = scope == null;
        for (Event event : Event.values()) {
            long before = first ? early[event.ordinal()] : 0;
            stats.counter(name(event)).add(before);
        }
        scope = stats;
    }

    private static String name(Event event) {
        return event.name().toLowerCase(Locale.ROOT);
    }
}
