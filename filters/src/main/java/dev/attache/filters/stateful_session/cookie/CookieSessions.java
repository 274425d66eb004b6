package dev.attache.filters.stateful_session.cookie;

import dev.attache.filters.stateful_session.Session;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.filters.stateful_session.StrictBase64;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.SetCookie;
import dev.attache.proxy.route.match.CookieMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cookie. Immutable.
 *
 * @param ttlSeconds 0 = as long as the client keeps it
 * @param path of the requests that have sessions; empty = all
 */
record CookieSessions(String name, long ttlSeconds, String path, List<String> attributes)
        implements SessionKind {
    private static final HeaderName SET_COOKIE = HeaderName.of("set-cookie");

    CookieSessions {
        attributes = List.copyOf(attributes);
    }

    @Override
    public @Nullable Session begin(Headers request, long nowSeconds) {
        if (!isMeant(request.getOr(HeaderName.PATH, ""))) {
            return null;
        }
        String cookie = CookieMatcher.first(request, name);
        String known =
                cookie == null || cookie.isEmpty()
                        ? null
                        : CookieWire.address(StrictBase64.decode(cookie), nowSeconds);
        return new InCookie(known, nowSeconds);
    }

    /** As browsers match a cookie's path. */
    private boolean isMeant(String requested) {
        if (path.isEmpty() || path.equals("/")) {
            return true;
        }
        if (!requested.startsWith(path)) {
            return false;
        }
        return path.endsWith("/")
                || requested.length() == path.length()
                || "/?#".indexOf(requested.charAt(path.length())) >= 0;
    }

    private final class InCookie implements Session {
        private final @Nullable String known;
        private final long nowSeconds;

        InCookie(@Nullable String known, long nowSeconds) {
            this.known = known;
            this.nowSeconds = nowSeconds;
        }

        @Override
        public @Nullable String address() {
            return known;
        }

        @Override
        public boolean update(String host, Headers response) {
            if (host.equals(known)) {
                return false;
            }
            long expires = ttlSeconds == 0 ? 0 : nowSeconds + ttlSeconds;
            String value = StrictBase64.encode(CookieWire.cookie(host, expires));
            response.add(SET_COOKIE, SetCookie.of(name, value, ttlSeconds, path, attributes));
            return true;
        }
    }
}
