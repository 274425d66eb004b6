package dev.attache.filters.http.fault;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The share of requests that a fault hits. Immutable.
 *
 * @param header where it may be lowered by the request, or null
 * @param keys where runtime may replace it
 */
record Share(Fraction configured, @Nullable HeaderName header, RuntimeKeys keys) {

    /**
     * @param origin the downstream service cluster, or null
     */
    boolean hits(Headers request, @Nullable String origin, long random) {
        return keys.fraction(origin).orElseGet(() -> asked(request)).includes(random);
    }

    /** The numerator that the request asks for, up to the configured one. */
    private Fraction asked(Headers request) {
        long wanted = header == null ? -1 : request.getLong(header);
        return wanted < 0 || wanted > 0xFFFF_FFFFL
                ? configured
                : new Fraction(
                        (int) Math.min(wanted, configured.numerator()), configured.denominator());
    }
}
