package dev.attache.filters.http.oauth2;

import dev.attache.api.Overlay;
import dev.attache.filters.http.oauth2.cookie.CookieKind;
import dev.attache.filters.http.oauth2.cookie.CookieRules;
import dev.attache.filters.http.oauth2.cookie.CookieRules.Splitting;
import dev.attache.filters.http.oauth2.cookie.CookieRules.Traits;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.CookieConfig;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.CookieConfigs;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2Config;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2Credentials.CookieNames;
import java.util.EnumMap;
import java.util.Map;

/** How a configuration's cookies are called and what is said of them. */
final class CookieRulesFactory {

    private static final int MAX_COOKIE_SIZE = 4096;
    private static final int MAX_CHUNKS = 8;

    private CookieRulesFactory() {}

    static CookieRules compile(OAuth2Config proto, Overlay newer) {
        CookieNames names = proto.getCredentials().getCookieNames();
        CookieConfigs configs = proto.getCookieConfigs();
        Map<CookieKind, Traits> traits = new EnumMap<>(CookieKind.class);
        for (CookieKind kind : CookieKind.values()) {
            String name = name(kind, names);
            CookieConfig config = config(kind, configs);
            traits.put(kind, traits(name.isEmpty() ? kind.usualName() : name, config));
        }
        return new CookieRules(
                traits, Octets.of(proto.getCredentials().getCookieDomain()), splitting(newer));
    }

    private static Traits traits(String name, CookieConfig config) {
        Overlay newer = Overlay.of(config);
        String path = newer.text("path");
        String sameSite =
                switch (config.getSameSite()) {
                    case STRICT -> ";SameSite=Strict";
                    case LAX -> ";SameSite=Lax";
                    case NONE -> ";SameSite=None";
                    case DISABLED, UNRECOGNIZED -> "";
                };
        return new Traits(
                name, path.isEmpty() ? "/" : Octets.of(path), sameSite, newer.flag("partitioned"));
    }

    private static String name(CookieKind kind, CookieNames names) {
        return switch (kind) {
            case HMAC -> names.getOauthHmac();
            case EXPIRES -> names.getOauthExpires();
            case BEARER_TOKEN -> names.getBearerToken();
            case ID_TOKEN -> names.getIdToken();
            case REFRESH_TOKEN -> names.getRefreshToken();
            case NONCE -> names.getOauthNonce();
            case CODE_VERIFIER -> names.getCodeVerifier();
        };
    }

    private static CookieConfig config(CookieKind kind, CookieConfigs configs) {
        return switch (kind) {
            case HMAC -> configs.getOauthHmacCookieConfig();
            case EXPIRES -> configs.getOauthExpiresCookieConfig();
            case BEARER_TOKEN -> configs.getBearerTokenCookieConfig();
            case ID_TOKEN -> configs.getIdTokenCookieConfig();
            case REFRESH_TOKEN -> configs.getRefreshTokenCookieConfig();
            case NONCE -> configs.getOauthNonceCookieConfig();
            case CODE_VERIFIER -> configs.getCodeVerifierCookieConfig();
        };
    }

    private static Splitting splitting(Overlay newer) {
        Overlay splitting = newer.overlay("token_cookie_chunking");
        if (splitting == null) {
            return Splitting.NEVER;
        }
        return new Splitting(
                splitting.has("max_cookie_size")
                        ? (int) splitting.number("max_cookie_size")
                        : MAX_COOKIE_SIZE,
                splitting.has("max_chunks") ? (int) splitting.number("max_chunks") : MAX_CHUNKS);
    }
}
