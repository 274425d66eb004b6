package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.Oauth2Settings.Tokens;
import dev.attache.filters.http.oauth2.cookie.CookieKind;
import dev.attache.filters.http.oauth2.cookie.CookieRules;
import dev.attache.filters.http.oauth2.cookie.RequestCookies;
import dev.attache.filters.http.oauth2.exchange.TokenResponse;
import dev.attache.filters.jwt.Jwt;
import dev.attache.filters.jwt.JwtException;

/**
 * What a client gets as cookies. Octets. Immutable.
 *
 * @param access empty = none, as the other tokens
 * @param expires seconds since 1970
 * @param maxAge of the access token, as the others in seconds
 */
record Session(
        String access,
        String id,
        String refresh,
        String expires,
        String maxAge,
        String idMaxAge,
        String refreshMaxAge) {

    static Session of(TokenResponse given, Tokens tokens, long nowSeconds) {
        long good = given.expiresSeconds();
        return new Session(
                tokens.keepsAccess() ? given.accessToken() : "",
                tokens.keepsId() ? given.idToken() : "",
                tokens.refreshes() && tokens.keepsRefresh() ? given.refreshToken() : "",
                Long.toString(nowSeconds + good),
                Long.toString(good),
                Long.toString(
                        tokens.idLastsAsAccess() || given.idToken().isEmpty()
                                ? good
                                : left(given.idToken(), nowSeconds, good)),
                Long.toString(
                        tokens.refreshes()
                                ? left(given.refreshToken(), nowSeconds, tokens.refreshSeconds())
                                : good));
    }

    /** How long a token is good that may say so itself. */
    private static long left(String token, long nowSeconds, long otherwise) {
        try {
            Long expires = Jwt.parse(token).expires();
            return expires == null ? otherwise : Math.max(0, expires - nowSeconds);
        } catch (JwtException e) {
            return otherwise;
        }
    }

    Session withRefresh(String token) {
        return new Session(access, id, token, expires, maxAge, idMaxAge, refreshMaxAge);
    }

    /** What is signed. */
    String signed(String domain) {
        return text(domain, expires, access, id, refresh);
    }

    /** What a request says that is signed. */
    static String signed(String domain, RequestCookies cookies, CookieRules rules) {
        return text(
                domain,
                cookies.value(rules.name(CookieKind.EXPIRES)),
                cookies.value(rules.name(CookieKind.BEARER_TOKEN)),
                cookies.value(rules.name(CookieKind.ID_TOKEN)),
                cookies.value(rules.name(CookieKind.REFRESH_TOKEN)));
    }

    private static String text(
            String domain, String expires, String access, String id, String refresh) {
        return domain + '\n' + expires + '\n' + access + '\n' + id + '\n' + refresh;
    }
}
