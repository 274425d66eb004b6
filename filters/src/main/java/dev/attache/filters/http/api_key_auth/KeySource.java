package dev.attache.filters.http.api_key_auth;

import dev.attache.filters.wire.QueryParameters;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.QueryString;
import dev.attache.proxy.route.match.CookieMatcher;
import org.jspecify.annotations.Nullable;

/** Where a request may show a key. Immutable; names and keys are octets. */
sealed interface KeySource {

    /** What stands there; null or empty: nothing. */
    @Nullable String find(Headers request);

    /** Takes it out, so that nobody behind sees it. */
    void remove(Headers request);

    /** The first value of a header, with or without {@code Bearer} before it. */
    record Header(HeaderName name) implements KeySource {
        private static final String BEARER = "Bearer ";

        @Override
        public @Nullable String find(Headers request) {
            String value = request.get(name);
            return value != null && value.startsWith(BEARER)
                    ? value.substring(BEARER.length())
                    : value;
        }

        @Override
        public void remove(Headers request) {
            int unused = request.remove(name);
        }
    }

    /** The first value of a query parameter, decoded. */
    record Query(String name) implements KeySource {
        @Override
        public @Nullable String find(Headers request) {
            String query = QueryString.of(request.getOr(HeaderName.PATH, ""));
            return query == null ? null : QueryString.first(query, name);
        }

        @Override
        public void remove(Headers request) {
            String path = request.getOr(HeaderName.PATH, "");
            QueryParameters parameters = QueryParameters.of(path);
            parameters.remove(name);
            request.set(HeaderName.PATH, parameters.in(path));
        }
    }

    /** The first value of a cookie. */
    record Cookie(String name) implements KeySource {
        @Override
        public @Nullable String find(Headers request) {
            return CookieMatcher.first(request, name);
        }

        @Override
        public void remove(Headers request) {
            String left = RemainingCookies.without(name, request);
            int unused = request.remove(HeaderName.COOKIE);
            if (!left.isEmpty()) {
                request.add(HeaderName.COOKIE, left);
            }
        }
    }
}
