package dev.attache.filters.http.oauth2;

/** {@code OAuth2PerRoute}: settings in place of the filter's. Each is equal to itself alone. */
final class Oauth2Override {

    private final Oauth2Settings settings;

    Oauth2Override(Oauth2Settings settings) {
        this.settings = settings;
    }

    Oauth2Settings settings() {
        return settings;
    }
}
