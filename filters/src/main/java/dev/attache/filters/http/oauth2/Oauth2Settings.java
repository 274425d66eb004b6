package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.cookie.CookieRules;
import dev.attache.filters.http.oauth2.cookie.Sealing;
import dev.attache.filters.http.oauth2.exchange.TokenEndpoint;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code OAuth2Config}, of the filter or of a route. Immutable.
 *
 * @param hmacSecret signs and seals cookies
 * @param statPrefix with the dot behind it; empty = none
 */
record Oauth2Settings(
        TokenEndpoint endpoint,
        SecretRef<TlsSecret.Generic> hmacSecret,
        Login login,
        SignOut signOut,
        Matchers matchers,
        CookieRules cookies,
        Tokens tokens,
        Sealing sealing,
        String statPrefix) {

    /**
     * The way to the authorization server and back.
     *
     * @param endpoint as configured; octets
     * @param query what the query always says beside what the endpoint has: name and value in turn
     * @param resources stands behind the query
     * @param original scheme and host of what clients ask for; null = as they ask
     * @param domains where clients may be sent; empty = anywhere
     * @param csrfSeconds of the cookie
     * @param verifierSeconds of the cookie
     */
    record Login(
            String endpoint,
            AbsoluteUrl url,
            List<String> query,
            String resources,
            Formatter redirectUri,
            StringMatcher callback,
            @Nullable Formatter original,
            List<String> domains,
            long csrfSeconds,
            long verifierSeconds) {

        /** Whether a path is the one to which the authorization server sends clients. */
        boolean isCallback(String path) {
            return callback.matches(AbsoluteUrl.pathOf(path));
        }

        /** Whether clients may be sent there. */
        boolean allows(String url) {
            if (domains.isEmpty()) {
                return true;
            }
            AbsoluteUrl parsed = AbsoluteUrl.parse(url);
            return parsed != null
                    && domains.stream().anyMatch(domain -> isIn(parsed.hostname(), domain));
        }

        private static boolean isIn(String host, String domain) {
            if (!domain.startsWith("*.")) {
                return host.equalsIgnoreCase(domain);
            }
            return host.length() >= domain.length() && host.endsWith(domain.substring(1));
        }
    }

    /**
     * @param endSession where the authorization server is told; empty = it is not
     * @param redirect where clients go then; null = to the host's root
     * @param withoutRedirect the server is not told where they go
     */
    record SignOut(
            StringMatcher path,
            String endSession,
            @Nullable Formatter redirect,
            boolean withoutRedirect) {

        boolean isMeant(String requestPath) {
            return path.matches(AbsoluteUrl.pathOf(requestPath));
        }
    }

    /** Which requests are treated otherwise: one matcher is enough. */
    record Matchers(
            List<HeaderMatcher> passThrough,
            List<HeaderMatcher> denyRedirect,
            List<HeaderMatcher> allowFailed) {

        static boolean any(List<HeaderMatcher> matchers, Headers headers) {
            for (int i = 0; i < matchers.size(); i++) {
                if (matchers.get(i).matches(headers)) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * What happens to tokens.
     *
     * @param refreshes {@code use_refresh_token}
     * @param keepsAccess as a cookie
     * @param keepsId as a cookie
     * @param keepsRefresh as a cookie
     * @param seals cookies hold them encrypted
     * @param idLastsAsAccess whatever the token itself says
     * @param accessSeconds of an access token that does not say; 0 = it has to
     * @param refreshSeconds of a refresh token that does not say
     * @param forwardsAccess as {@code authorization}
     * @param keepsAuthorization the client's
     * @param idHeader carries the identity token, or null
     */
    record Tokens(
            boolean refreshes,
            boolean keepsAccess,
            boolean keepsId,
            boolean keepsRefresh,
            boolean seals,
            boolean idLastsAsAccess,
            long accessSeconds,
            long refreshSeconds,
            boolean forwardsAccess,
            boolean keepsAuthorization,
            @Nullable HeaderName idHeader) {}

    /** Whether all secrets have come. */
    boolean isReady() {
        TlsSecret.Generic hmac = hmacSecret.current();
        return hmac != null && hmac.secret().length > 0 && endpoint.client().isReady();
    }
}
