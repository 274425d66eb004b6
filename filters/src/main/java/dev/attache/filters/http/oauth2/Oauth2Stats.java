package dev.attache.filters.http.oauth2;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** {@code oauth_…} below a prefix, of one worker. Loop-confined. */
final class Oauth2Stats {

    /** What is counted. */
    enum Count {
        UNAUTHORIZED_RQ,
        FAILURE,
        PASSTHROUGH,
        ALLOW_FAILED_PASSTHROUGH,
        SUCCESS,
        REFRESHTOKEN_SUCCESS,
        REFRESHTOKEN_FAILURE,
        LEGACY_CBC_DECRYPT,
        TOKEN_COOKIE_CHUNKED,
        TOKEN_COOKIE_REASSEMBLED,
        TOKEN_COOKIE_MALFORMED_CHUNKS,
        TOKEN_COOKIE_OVERSIZED
    }

    private final Map<Count, Cell> cells = new EnumMap<>(Count.class);

    Oauth2Stats(Scope scope, int worker) {
        for (Count count : Count.values()) {
            String name = "oauth_" + count.name().toLowerCase(Locale.ROOT);
            cells.put(count, scope.counter(name).cell(worker));
        }
    }

    void inc(Count count) {
        add(count, 1);
    }

    void add(Count count, int number) {
        Cell cell = cells.get(count);
        if (cell != null && number > 0) {
            cell.add(number);
        }
    }
}
