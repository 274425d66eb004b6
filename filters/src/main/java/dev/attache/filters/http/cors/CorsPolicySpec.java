package dev.attache.filters.http.cors;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code CorsPolicy}. What a policy leaves empty or null is taken from the next less specific
 * level. Immutable.
 *
 * @param enabled share of the requests to which the policy applies
 * @param shadowEnabled share of the other requests whose origin is only counted
 */
record CorsPolicySpec(
        List<StringMatcher> allowOrigins,
        String allowMethods,
        String allowHeaders,
        String exposeHeaders,
        String maxAge,
        @Nullable Boolean allowCredentials,
        @Nullable Boolean allowPrivateNetworkAccess,
        @Nullable Boolean forwardNotMatchingPreflights,
        Fraction enabled,
        Fraction shadowEnabled) {
    CorsPolicySpec {
        allowOrigins = List.copyOf(allowOrigins);
    }
}
