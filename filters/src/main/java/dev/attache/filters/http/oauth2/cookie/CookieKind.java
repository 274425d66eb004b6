package dev.attache.filters.http.oauth2.cookie;

/** The cookies of the filter. */
public enum CookieKind {
    HMAC("OauthHMAC"),
    EXPIRES("OauthExpires"),
    BEARER_TOKEN("BearerToken"),
    ID_TOKEN("IdToken"),
    REFRESH_TOKEN("RefreshToken"),
    NONCE("OauthNonce"),
    CODE_VERIFIER("CodeVerifier");

    private final String usualName;

    CookieKind(String usualName) {
        this.usualName = usualName;
    }

    /** What it is called where the configuration does not say. */
    public String usualName() {
        return usualName;
    }
}
