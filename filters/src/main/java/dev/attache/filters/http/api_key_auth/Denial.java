package dev.attache.filters.http.api_key_auth;

/** Why a request is turned away; details are Envoy's, to the letter. */
enum Denial {
    NO_SOURCES(401, "missing_key_sources"),
    NO_CREDENTIALS(401, "missing_credentials"),
    NO_KEY(401, "missing_api_key"),
    UNKNOWN_KEY(401, "unknown_api_key"),
    FORBIDDEN(403, "client_not_allowed");

    private final int status;
    private final String details;

    Denial(int status, String details) {
        this.status = status;
        this.details = details;
    }

    int status() {
        return status;
    }

    String body() {
        return status == 403 ? "Client is forbidden." : "Client authentication failed.";
    }

    String details() {
        return details;
    }
}
