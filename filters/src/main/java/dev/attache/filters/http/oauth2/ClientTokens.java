package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.Oauth2Stats.Count;
import dev.attache.filters.http.oauth2.cookie.CookieKind;
import dev.attache.filters.http.oauth2.cookie.CookieRules;
import dev.attache.filters.http.oauth2.cookie.Keys;
import dev.attache.filters.http.oauth2.cookie.RequestCookies;
import dev.attache.filters.http.oauth2.cookie.Sealing;
import dev.attache.filters.http.oauth2.cookie.TokenCookies;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The tokens of one client, in his cookies as they come and as they go. Loop-confined. */
final class ClientTokens {

    /** A token as it is written. */
    private record Written(String value, int chunks, String maxAge) {}

    private static final List<CookieKind> KINDS =
            List.of(CookieKind.BEARER_TOKEN, CookieKind.ID_TOKEN, CookieKind.REFRESH_TOKEN);

    private final Oauth2Settings settings;
    private final Oauth2Stats stats;
    private final Keys keys;
    private final SecureRandom random;
    private final CookieRules rules;
    private final TokenCookies pieces;
    private final Map<CookieKind, Written> prepared = new EnumMap<>(CookieKind.class);

    ClientTokens(Oauth2Settings settings, Oauth2Stats stats, Keys keys, SecureRandom random) {
        this.settings = settings;
        this.stats = stats;
        this.keys = keys;
        this.random = random;
        this.rules = settings.cookies();
        this.pieces = new TokenCookies(rules);
    }

    /** The cookies with whole tokens in plain text, as the request has them from now on. */
    RequestCookies read(Headers request, FilterContext context) {
        RequestCookies cookies = RequestCookies.of(request);
        boolean changed = pieces.reassemble(cookies);
        stats.add(Count.TOKEN_COOKIE_REASSEMBLED, pieces.reassembled());
        stats.add(Count.TOKEN_COOKIE_MALFORMED_CHUNKS, pieces.malformed());
        if (settings.tokens().seals()) {
            for (CookieKind kind : KINDS) {
                String sealed = cookies.value(rules.name(kind));
                if (!sealed.isEmpty()) {
                    cookies.put(rules.name(kind), plain(sealed, context));
                    changed = true;
                }
            }
        }
        if (changed) {
            cookies.writeTo(request);
        }
        return cookies;
    }

    /** What cannot be opened stays: it may never have been sealed. */
    private String plain(String sealed, FilterContext context) {
        Sealing.Opened opened = open(sealed);
        String error = opened.error();
        if (error == null && !isHeaderValue(opened.text())) {
            error = "plaintext is not a valid header value";
        }
        if (error != null) {
            Refusal.unreadable(context, sealed, error);
            return sealed;
        }
        return opened.text();
    }

    private static boolean isHeaderValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c != 0x7f || c == '\t');
    }

    Sealing.Opened open(String sealed) {
        Sealing.Opened opened = settings.sealing().open(sealed, keys);
        if (opened.cbc()) {
            stats.inc(Count.LEGACY_CBC_DECRYPT);
        }
        return opened;
    }

    /** Whether the tokens of a session find room in cookies. */
    boolean prepare(Session session) {
        return prepare(CookieKind.BEARER_TOKEN, session.access(), session.maxAge())
                && prepare(CookieKind.ID_TOKEN, session.id(), session.idMaxAge())
                && prepare(CookieKind.REFRESH_TOKEN, session.refresh(), session.refreshMaxAge());
    }

    private boolean prepare(CookieKind kind, String token, String maxAge) {
        if (token.isEmpty()) {
            prepared.put(kind, new Written("", 1, maxAge));
            return true;
        }
        String value =
                settings.tokens().seals() ? settings.sealing().seal(token, keys, random) : token;
        int chunks = pieces.chunks(kind, value, maxAge);
        if (chunks < 0) {
            stats.inc(Count.TOKEN_COOKIE_OVERSIZED);
            return false;
        }
        prepared.put(kind, new Written(value, chunks, maxAge));
        return true;
    }

    /** Gives the client a session that was prepared. */
    void write(Headers head, Session session, String signature) {
        set(head, CookieKind.HMAC, signature, session.maxAge());
        set(head, CookieKind.EXPIRES, session.expires(), session.maxAge());
        prepared.forEach((kind, token) -> {
            stats.add(Count.TOKEN_COOKIE_CHUNKED, token.chunks() > 1 ? 1 : 0);
            for (String line : pieces.write(kind, token.value(), token.chunks(), token.maxAge())) {
                head.add(HeaderName.SET_COOKIE, line);
            }
        });
    }

    private void set(Headers head, CookieKind kind, String value, String maxAge) {
        head.add(HeaderName.SET_COOKIE, rules.set(kind, rules.name(kind), value, maxAge));
    }

    /** Takes away the pieces of tokens that the client has. */
    void deleteChunks(Headers head) {
        for (String line : pieces.deleteChunks()) {
            head.add(HeaderName.SET_COOKIE, line);
        }
    }
}
