package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.Audiences;
import dev.attache.filters.jwt.Jwt;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who issues tokens, where they are found, how they are verified and what is passed on of them.
 * Immutable.
 *
 * @param index its place among all providers of the filter
 * @param issuer empty = any
 * @param subjects null = any
 * @param maxLifetimeMillis of what is left; {@link #ANY_LIFETIME} asks only for an end, {@link
 *     #NO_END_NEEDED} for nothing
 * @param clockSkewSeconds by which clocks may differ
 * @param forward whether the token stays in the request
 * @param cache how many verified tokens a worker keeps, and how long they may be
 */
record Provider(
        int index,
        String issuer,
        Audiences audiences,
        @Nullable StringMatcher subjects,
        long maxLifetimeMillis,
        long clockSkewSeconds,
        KeySource keys,
        boolean forward,
        Places places,
        Forwarded forwarded,
        InMetadata metadata,
        boolean clearRouteCache,
        TokenCache.Size cache) {

    static final long NO_END_NEEDED = -1;
    static final long ANY_LIFETIME = Long.MAX_VALUE;

    /** Where tokens of a provider are found. */
    record Places(List<HeaderPlace> headers, List<String> params, List<String> cookies) {}

    /**
     * A header with a token.
     *
     * @param prefix stands before it; empty = the value is the token
     */
    record HeaderPlace(HeaderName name, String prefix) {}

    /**
     * What the upstream gets of a verified token.
     *
     * @param payload the header for the payload in Base64url, null = none
     * @param padded with padding
     */
    record Forwarded(@Nullable HeaderName payload, boolean padded, List<ClaimHeader> claims) {}

    /**
     * A claim that is passed on in a header.
     *
     * @param path names from the payload inwards
     */
    record ClaimHeader(HeaderName header, List<String> path) {}

    /**
     * Under which names dynamic metadata gets what; empty = not at all.
     *
     * @param spaceDelimited claims of the payload that are split into lists there
     */
    record InMetadata(
            String payload, String header, String failedStatus, List<String> spaceDelimited) {}

    /** Whether a token ends, and soon enough. */
    boolean allowsLifetime(Jwt jwt, long nowMillis) {
        if (maxLifetimeMillis == NO_END_NEEDED) {
            return true;
        }
        Long expires = jwt.expires();
        if (expires == null || maxLifetimeMillis == ANY_LIFETIME) {
            return expires != null;
        }
        boolean near = expires - nowMillis / 1000 <= maxLifetimeMillis / 1000 + 1;
        return near && expires * 1000 - nowMillis < maxLifetimeMillis;
    }

    boolean allowsSubject(Jwt jwt) {
        return subjects == null || subjects.matchesText(jwt.subject());
    }
}
