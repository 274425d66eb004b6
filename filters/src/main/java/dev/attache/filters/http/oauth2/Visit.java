package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.Oauth2Settings.Matchers;
import dev.attache.filters.http.oauth2.Oauth2Settings.SignOut;
import dev.attache.filters.http.oauth2.Oauth2Settings.Tokens;
import dev.attache.filters.http.oauth2.Oauth2Stats.Count;
import dev.attache.filters.http.oauth2.cookie.CookieKind;
import dev.attache.filters.http.oauth2.cookie.CookieRules;
import dev.attache.filters.http.oauth2.cookie.Keys;
import dev.attache.filters.http.oauth2.cookie.RequestCookies;
import dev.attache.filters.http.oauth2.cookie.Sealing;
import dev.attache.filters.http.oauth2.exchange.Escapes;
import dev.attache.filters.http.oauth2.exchange.TokenResponse;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request that the filter looks at: lets it through with its session, renews that, or begins or
 * ends a login. Loop-confined.
 *
 * <p>Longer than files here should be: the ways of a request part and meet again.
 */
final class Visit implements ResponseListener {

    private static final List<CookieKind> SESSION =
            List.of(
                    CookieKind.HMAC,
                    CookieKind.BEARER_TOKEN,
                    CookieKind.ID_TOKEN,
                    CookieKind.REFRESH_TOKEN,
                    CookieKind.EXPIRES);

    private final Oauth2Settings settings;
    private final Oauth2Stats stats;
    private final Keys keys;
    private final SecureRandom random;
    private final Refusal refusal;
    private final FilterContext context;
    private final CookieRules rules;
    private final ClientTokens tokens;
    private RequestCookies cookies = RequestCookies.of(new Headers());

    /** What sessions are signed for: as the client asked, before a router writes another host. */
    private String domain = "";

    /** The login that is finished; null while a session is renewed. */
    private @Nullable Callback callback;

    /** A session that was renewed and not yet given to the client. */
    private @Nullable Session renewed;

    Visit(
            Oauth2Settings settings,
            Oauth2Stats stats,
            Keys keys,
            SecureRandom random,
            Refusal refusal,
            FilterContext context) {
        this.settings = settings;
        this.stats = stats;
        this.keys = keys;
        this.random = random;
        this.refusal = refusal;
        this.context = context;
        this.rules = settings.cookies();
        this.tokens = new ClientTokens(settings, stats, keys, random);
    }

    Step begin(Headers request) {
        domain = rules.domainOr(request.getOr(HeaderName.AUTHORITY, ""));
        cookies = tokens.read(request, context);
        Tokens forwarding = settings.tokens();
        if (!forwarding.keepsAuthorization()) {
            request.remove(HeaderName.AUTHORIZATION);
        }
        if (forwarding.idHeader() != null) {
            request.remove(forwarding.idHeader());
        }
        String path = request.get(HeaderName.PATH);
        if (path == null) {
            return context.respond(LocalReply.of(400, "", "oauth_missing_path"));
        }
        if (settings.signOut().isMeant(path)) {
            return signOut(request);
        }
        boolean fromServer = settings.login().isCallback(path);
        if (hasSession()) {
            stats.inc(Count.SUCCESS);
            forward(request, value(CookieKind.BEARER_TOKEN), value(CookieKind.ID_TOKEN));
            return fromServer ? backAgain(path) : letThrough(request);
        }
        if (fromServer) {
            return finishLogin(path, request);
        }
        String refreshToken = value(CookieKind.REFRESH_TOKEN);
        if (settings.tokens().refreshes() && !refreshToken.isEmpty()) {
            return renew(refreshToken);
        }
        return withoutSession(
                request,
                "Unauthorized, and forwarding as unauthorized because OAuth failure is allowed: "
                        + path,
                "Unauthorized, and redirecting to OAuth server is not allowed: " + path);
    }

    private String value(CookieKind kind) {
        return cookies.value(rules.name(kind));
    }

    // ---- sessions ----------------------------------------------------------------------------

    private boolean hasSession() {
        String expires = value(CookieKind.EXPIRES);
        String signed = Session.signed(domain, cookies, rules);
        return keys.isSigned(signed, value(CookieKind.HMAC))
                && !expires.isEmpty()
                && expires.length() <= 18
                && expires.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(expires) > now();
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    private void forward(Headers request, String access, String id) {
        Tokens forwarding = settings.tokens();
        if (forwarding.forwardsAccess() && !access.isEmpty()) {
            request.set(HeaderName.AUTHORIZATION, "Bearer " + access);
        }
        HeaderName idHeader = forwarding.idHeader();
        if (idHeader != null && !id.isEmpty()) {
            request.set(idHeader, idHeader == HeaderName.AUTHORIZATION ? "Bearer " + id : id);
        }
    }

    private Step letThrough(Headers request) {
        if (!cookies.isEmpty()) {
            cookies.removeFlow(rules);
            cookies.writeTo(request);
        }
        return Step.CONTINUE;
    }

    private Step signOut(Headers request) {
        Headers head = redirect();
        for (CookieKind kind : SESSION) {
            head.add(HeaderName.SET_COOKIE, rules.delete(kind, rules.name(kind)));
        }
        for (String name : cookies.names()) {
            for (CookieKind kind : List.of(CookieKind.NONCE, CookieKind.CODE_VERIFIER)) {
                if (RequestCookies.isOfFlow(name, rules.name(kind))) {
                    head.add(HeaderName.SET_COOKIE, rules.delete(kind, name));
                }
            }
        }
        tokens.deleteChunks(head);
        head.add(HeaderName.LOCATION, afterSignOut(request));
        return context.answer(head, "oauth.sign_out");
    }

    private String afterSignOut(Headers request) {
        SignOut signOut = settings.signOut();
        String root =
                request.getOr(HeaderName.SCHEME, "")
                        + "://"
                        + request.getOr(HeaderName.AUTHORITY, "")
                        + '/';
        if (signOut.endSession().isEmpty()) {
            return root;
        }
        String url =
                signOut.endSession()
                        + "?id_token_hint="
                        + value(CookieKind.ID_TOKEN)
                        + "&client_id="
                        + settings.endpoint().client().id();
        if (signOut.withoutRedirect()) {
            return url;
        }
        String back = signOut.redirect() == null ? root : signOut.redirect().format(about(request));
        return url + "&post_logout_redirect_uri=" + Escapes.query(back);
    }

    // ---- without a session -------------------------------------------------------------------

    private Step withoutSession(Headers request, String allowed, String denied) {
        if (mayFail(request)) {
            return letFail(request, allowed);
        }
        if (Matchers.any(settings.matchers().denyRedirect(), request)) {
            return refusal.unauthorized(denied, "");
        }
        LoginRedirect redirect = LoginRedirect.of(request, about(request), settings, keys, random);
        Headers head = redirect.head();
        if (head == null) {
            return refusal.unauthorized(redirect.problem(), "");
        }
        stats.inc(Count.UNAUTHORIZED_RQ);
        return context.answer(head, "oauth.missing_credentials");
    }

    private boolean mayFail(Headers request) {
        return !settings.login().isCallback(request.getOr(HeaderName.PATH, ""))
                && Matchers.any(settings.matchers().allowFailed(), request);
    }

    private Step letFail(Headers request, String reason) {
        if (!cookies.isEmpty()) {
            cookies.removeSession(rules);
            cookies.writeTo(request);
        }
        request.set(Oauth2Filter.STATUS, "failed");
        request.set(Oauth2Filter.FAILURE_REASON, reason);
        stats.inc(Count.ALLOW_FAILED_PASSTHROUGH);
        return Step.CONTINUE;
    }

    // ---- from the authorization server -------------------------------------------------------

    /** Another tab has been faster: there is a session already. */
    private Step backAgain(String path) {
        Callback came = Callback.read(path, cookies, settings, keys);
        if (came.problem() != null) {
            return refusal.unauthorized(came.problem(), came.flow());
        }
        AbsoluteUrl url = AbsoluteUrl.parse(came.url());
        String wanted = url == null ? "" : url.rest();
        if (settings.login().isCallback(wanted)) {
            return refusal.unauthorized(
                    "State url query params matches the redirect path matcher: " + wanted,
                    came.flow());
        }
        Headers head = redirect();
        head.add(HeaderName.LOCATION, came.url());
        deleteFlow(head, came.flow());
        return context.answer(head, "oauth.race_redirect");
    }

    private Step finishLogin(String path, Headers request) {
        Callback came = Callback.read(path, cookies, settings, keys);
        if (came.problem() != null) {
            return refusal.unauthorized(came.problem(), came.flow());
        }
        String redirectUri = settings.login().redirectUri().format(about(request));
        String sealed = cookies.ofFlow(rules.name(CookieKind.CODE_VERIFIER), came.flow());
        if (sealed == null) {
            return refusal.unauthorized(
                    "Code verifier cookie is missing in the request", came.flow());
        }
        Sealing.Opened verifier = tokens.open(sealed);
        if (verifier.error() != null) {
            return refusal.unauthorized(
                    "Failed to decrypt code verifier: " + sealed + ", error: " + verifier.error(),
                    came.flow());
        }
        String credential;
        try {
            credential = settings.endpoint().credential(now());
        } catch (GeneralSecurityException e) {
            return refusal.unauthorized(without(e), came.flow());
        }
        callback = came;
        settings.endpoint()
                .exchangeCode(
                        context.calls(),
                        came.code(),
                        credential,
                        redirectUri,
                        verifier.text(),
                        this);
        return Step.PAUSE;
    }

    private static String without(GeneralSecurityException e) {
        return "Failed to obtain client credential: " + e.getMessage();
    }

    private Step renew(String refreshToken) {
        try {
            settings.endpoint()
                    .refresh(
                            context.calls(),
                            refreshToken,
                            settings.endpoint().credential(now()),
                            this);
            return Step.PAUSE;
        } catch (GeneralSecurityException e) {
            return refusal.unauthorized(without(e), "");
        }
    }

    // ---- what the token endpoint says --------------------------------------------------------

    @Override
    public void onResponse(Headers head, ByteBuf body) {
        byte[] bytes = ByteBufUtil.getBytes(body);
        String status = head.getOr(HeaderName.STATUS, "");
        if (!status.equals("200")) {
            refused(status, new String(bytes, StandardCharsets.ISO_8859_1));
            return;
        }
        try {
            TokenResponse given = TokenResponse.read(bytes, settings.tokens().accessSeconds());
            took(Session.of(given, settings.tokens(), now()));
        } catch (TokenResponse.NoTokensException e) {
            failed(String.valueOf(e.getMessage()));
        }
    }

    /** What the router would answer in the endpoint's place counts as its answer. */
    @Override
    public void onFailure(CallFailure why) {
        if (why.kind() == CallFailure.Kind.NO_CLUSTER) {
            failed("Token endpoint cluster not found");
        } else if (!why.responseBegan()) {
            refused(Integer.toString(why.status()), why.text());
        } else if (callback == null) {
            notRenewed();
        } else {
            failed("Failed to get access token due to HTTP request failure");
        }
    }

    private void refused(String status, String body) {
        if (callback == null) {
            notRenewed();
        } else {
            failed(
                    "Failed to get access token: response code: "
                            + status
                            + ", response body: "
                            + body);
        }
    }

    private void failed(String cause) {
        Headers request = context.requestHeaders();
        int detail = cause.indexOf(": ");
        Step step =
                mayFail(request)
                        ? letFail(request, detail < 0 ? cause : cause.substring(0, detail))
                        : refusal.unauthorized(cause, callback == null ? "" : callback.flow());
        goOn(step);
    }

    private void notRenewed() {
        stats.inc(Count.REFRESHTOKEN_FAILURE);
        goOn(
                withoutSession(
                        context.requestHeaders(),
                        "Failed to refresh the access token, and forwarding as unauthorized"
                                + " because OAuth failure is allowed",
                        "Failed to refresh the access token, and redirecting to OAuth server is"
                                + " not allowed"));
    }

    private void goOn(Step step) {
        if (step == Step.CONTINUE) {
            context.resume(Direction.REQUEST);
        }
    }

    private void took(Session session) {
        Callback came = callback;
        Session whole =
                came == null && session.refresh().isEmpty()
                        ? session.withRefresh(value(CookieKind.REFRESH_TOKEN))
                        : session;
        if (!tokens.prepare(whole)) {
            refusal.unavailable("OAuth token exceeds the cookie chunk limit");
        } else if (came == null) {
            wasRenewed(whole);
        } else {
            stats.inc(Count.SUCCESS);
            Headers head = redirect();
            tokens.write(head, whole, keys.sign(whole.signed(domain)));
            deleteFlow(head, came.flow());
            head.add(HeaderName.LOCATION, came.url());
            context.answer(head, "oauth.logged_in");
        }
    }

    private void wasRenewed(Session session) {
        Headers request = context.requestHeaders();
        if (!session.access().isEmpty()) {
            cookies.put(rules.name(CookieKind.BEARER_TOKEN), session.access());
        }
        if (!session.id().isEmpty()) {
            cookies.put(rules.name(CookieKind.ID_TOKEN), session.id());
        }
        forward(request, session.access(), session.id());
        cookies.removeFlow(rules);
        cookies.writeTo(request);
        renewed = session;
        stats.inc(Count.REFRESHTOKEN_SUCCESS);
        stats.inc(Count.SUCCESS);
        context.resume(Direction.REQUEST);
    }

    /** The client gets what was renewed, whoever answers. */
    void onResponseHeaders(Headers head) {
        Session session = renewed;
        if (session != null) {
            renewed = null;
            tokens.write(head, session, keys.sign(session.signed(domain)));
        }
    }

    // ---- pieces ------------------------------------------------------------------------------

    private static Headers redirect() {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, "302");
        return head;
    }

    private void deleteFlow(Headers head, String flow) {
        for (String line : rules.deleteFlow(flow)) {
            head.add(HeaderName.SET_COOKIE, line);
        }
    }

    private FormatContext about(Headers request) {
        return FormatContext.of(context.info(), request);
    }
}
