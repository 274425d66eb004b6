package dev.attache.filters.http.api_key_auth;

import java.util.Set;

/**
 * What a route says. Immutable.
 *
 * @param own what it says counts before what the filter says
 * @param allowed clients that may use it; empty = all
 */
record ApiKeyRoute(ApiKeySettings own, Set<String> allowed) {

    ApiKeyRoute {
        allowed = Set.copyOf(allowed);
    }

    boolean allows(String client) {
        return allowed.isEmpty() || allowed.contains(client);
    }
}
