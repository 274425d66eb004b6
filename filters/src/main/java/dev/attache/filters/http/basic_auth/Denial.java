package dev.attache.filters.http.basic_auth;

/** Why a request is turned away, in Envoy's words. */
enum Denial {
    MISSING("Missing username and password.", "no_credential_for_basic_auth"),
    SCHEME("Expected 'Basic' authentication scheme.", "invalid_scheme_for_basic_auth"),
    FORMAT("Invalid basic credential format.", "invalid_format_for_basic_auth"),
    CREDENTIALS("Invalid username/password combination.", "invalid_credential_for_basic_auth");

    private final String problem;
    private final String details;

    Denial(String problem, String details) {
        this.problem = problem;
        this.details = details;
    }

    /** For the client. */
    String body() {
        return "User authentication failed. " + problem;
    }

    String details() {
        return details;
    }
}
