package dev.attache.filters.http.csrf;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;

/**
 * Of the filter, or of a route, which replaces the filter's. Immutable.
 *
 * @param enabled share of the requests that are judged
 * @param shadow share of the others of which is only counted what would come of them
 * @param additional origins that may send requests here, beside our own
 */
record CsrfPolicySpec(Fraction enabled, Fraction shadow, List<StringMatcher> additional) {

    CsrfPolicySpec {
        additional = List.copyOf(additional);
    }

    boolean allows(String source, String target) {
        if (source.equals(target)) {
            return true;
        }
        for (int i = 0; i < additional.size(); i++) {
            if (additional.get(i).matches(source)) {
                return true;
            }
        }
        return false;
    }
}
