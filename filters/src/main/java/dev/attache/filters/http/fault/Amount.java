package dev.attache.filters.http.fault;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A number that is configured or that the request names. Immutable.
 *
 * @param fixed counts when {@code header} is null
 * @param keys where runtime may replace it, or null
 */
record Amount(long fixed, @Nullable HeaderName header, @Nullable RuntimeKeys keys) {

    /**
     * The number, or -1 where the request names none.
     *
     * @param origin the downstream service cluster, or null
     */
    long of(Headers request, @Nullable String origin) {
        long value = header == null ? fixed : request.getLong(header);
        return value < 0 || keys == null ? value : keys.integer(origin).orElse(value);
    }
}
