package dev.attache.filters.http.oauth2.cookie;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How cookies are called and which attributes they get, in Envoy's spelling. Immutable. */
public final class CookieRules {

    /**
     * Of one cookie.
     *
     * @param sameSite the attribute with the semicolon before it; empty = none
     */
    public record Traits(String name, String path, String sameSite, boolean partitioned) {}

    /**
     * {@code token_cookie_chunking}.
     *
     * @param maxCookieSize of a whole cookie, in octets; 0 = tokens are never split
     * @param maxChunks of one token
     */
    public record Splitting(int maxCookieSize, int maxChunks) {

        /** Every token is one cookie. */
        public static final Splitting NEVER = new Splitting(0, 0);
    }

    private static final String EPOCH = "; expires=Thu, 01 Jan 1970 00:00:00 GMT";

    private final Map<CookieKind, Traits> traits;
    private final String domain;
    private final Splitting splitting;

    /**
     * @param traits of every kind
     * @param domain empty = the host's
     */
    public CookieRules(Map<CookieKind, Traits> traits, String domain, Splitting splitting) {
        this.traits = new EnumMap<>(traits);
        this.domain = domain;
        this.splitting = splitting;
    }

    public String name(CookieKind kind) {
        return of(kind).name();
    }

    /** What a session is signed for: the domain of its cookies, or the host. */
    public String domainOr(String host) {
        return domain.isEmpty() ? host : domain;
    }

    Splitting splitting() {
        return splitting;
    }

    /**
     * A cookie that is set.
     *
     * @param name the kind's, perhaps with a suffix
     */
    public String set(CookieKind kind, String name, String value, String maxAge) {
        return name + '=' + value + tail(kind, maxAge);
    }

    /** The attributes of a cookie that is set. */
    String tail(CookieKind kind, String maxAge) {
        Traits its = of(kind);
        return (domain.isEmpty() ? "" : ";domain=" + domain)
                + ";path="
                + its.path()
                + ";Max-Age="
                + maxAge
                + ";secure;HttpOnly"
                + its.sameSite()
                + (its.partitioned() ? ";Partitioned" : "");
    }

    /** A cookie that is taken away. */
    public String delete(CookieKind kind, String name) {
        return name
                + "=deleted; path="
                + of(kind).path()
                + EPOCH
                + (domain.isEmpty() ? "" : ";domain=" + domain)
                + (name.startsWith("__Secure-") || name.startsWith("__Host-") ? "; Secure" : "");
    }

    /**
     * Takes away the cookies of a login, those without its suffix too.
     *
     * @param flow empty = only these
     */
    public List<String> deleteFlow(String flow) {
        List<String> lines = new ArrayList<>(4);
        for (CookieKind kind : List.of(CookieKind.NONCE, CookieKind.CODE_VERIFIER)) {
            if (!flow.isEmpty()) {
                lines.add(delete(kind, name(kind) + '.' + flow));
            }
            lines.add(delete(kind, name(kind)));
        }
        return lines;
    }

    private Traits of(CookieKind kind) {
        Traits its = traits.get(kind);
        if (its == null) {
            throw new IllegalStateException("no rules for " + kind);
        }
        return its;
    }
}
