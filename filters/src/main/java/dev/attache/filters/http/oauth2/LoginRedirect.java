package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.Oauth2Settings.Login;
import dev.attache.filters.http.oauth2.cookie.Base64Url;
import dev.attache.filters.http.oauth2.cookie.CookieKind;
import dev.attache.filters.http.oauth2.cookie.CookieRules;
import dev.attache.filters.http.oauth2.cookie.Keys;
import dev.attache.filters.http.oauth2.exchange.Escapes;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.stream.format.FormatContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Sends a client to the authorization server (RFC 6749 section 4.1.1, with the code challenge of
 * RFC 7636). Immutable.
 *
 * @param head of the answer, or null with a problem
 * @param problem why the client is not sent, in Envoy's words
 */
record LoginRedirect(@Nullable Headers head, String problem) {

    private static final int VERIFIER_BYTES = 32;

    static LoginRedirect of(
            Headers request,
            FormatContext about,
            Oauth2Settings settings,
            Keys keys,
            SecureRandom random) {
        Login login = settings.login();
        String base = base(request, about, login);
        if (!login.allows(base)) {
            return new LoginRedirect(
                    null,
                    "authority or original_request_uri failed domain allow-list validation: "
                            + base);
        }
        String redirectUri = login.redirectUri().format(about);
        if (!login.allows(redirectUri)) {
            return new LoginRedirect(
                    null, "redirect_uri failed domain allow-list validation: " + redirectUri);
        }
        String flow = HexFormat.of().toHexDigits(random.nextLong());
        FlowState state = FlowState.begin(base + request.getOr(HeaderName.PATH, ""), flow, keys);
        byte[] bytes = new byte[VERIFIER_BYTES];
        random.nextBytes(bytes);
        String verifier = Base64Url.encode(bytes);
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, "302");
        cookie(head, settings.cookies(), CookieKind.NONCE, flow, state.csrfToken(), login);
        String sealed = settings.sealing().seal(verifier, keys, random);
        cookie(head, settings.cookies(), CookieKind.CODE_VERIFIER, flow, sealed, login);
        head.add(HeaderName.LOCATION, location(login, state, redirectUri, verifier));
        return new LoginRedirect(head, "");
    }

    private static String base(Headers request, FormatContext about, Login login) {
        if (login.original() != null) {
            return login.original().format(about);
        }
        boolean plain = request.getOr(HeaderName.SCHEME, "").equalsIgnoreCase("http");
        return (plain ? "http://" : "https://") + request.getOr(HeaderName.AUTHORITY, "");
    }

    /** Once with the login's suffix, and once without, for who does not know of suffixes. */
    private static void cookie(
            Headers head,
            CookieRules rules,
            CookieKind kind,
            String flow,
            String value,
            Login login) {
        long seconds = kind == CookieKind.NONCE ? login.csrfSeconds() : login.verifierSeconds();
        String maxAge = Long.toString(seconds);
        String name = rules.name(kind);
        head.add(HeaderName.SET_COOKIE, rules.set(kind, name + '.' + flow, value, maxAge));
        head.add(HeaderName.SET_COOKIE, rules.set(kind, name, value, maxAge));
    }

    private static String location(
            Login login, FlowState state, String redirectUri, String verifier) {
        QueryParams query = QueryParams.of(login.endpoint());
        for (int i = 0; i < login.query().size(); i += 2) {
            query.set(login.query().get(i), login.query().get(i + 1));
        }
        query.set("state", state.encode());
        query.set("redirect_uri", Escapes.query(redirectUri));
        query.set("code_challenge", challenge(verifier));
        query.set("code_challenge_method", "S256");
        AbsoluteUrl url = login.url();
        int fragment = url.rest().indexOf('#');
        return url.scheme()
                + "://"
                + url.host()
                + AbsoluteUrl.pathOf(url.rest())
                + query
                + (fragment < 0 ? "" : url.rest().substring(fragment))
                + login.resources();
    }

    private static String challenge(String verifier) {
        try {
            return Base64Url.encode(
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
