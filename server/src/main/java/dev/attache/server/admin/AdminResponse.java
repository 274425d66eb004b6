package dev.attache.server.admin;

/** An answer of the administration interface. Immutable. */
record AdminResponse(int status, String contentType, String body) {

    private static final String TEXT = "text/plain; charset=UTF-8";

    static AdminResponse text(String body) {
        return new AdminResponse(200, TEXT, body);
    }

    static AdminResponse text(int status, String body) {
        return new AdminResponse(status, TEXT, body);
    }

    static AdminResponse json(String body) {
        return new AdminResponse(200, "application/json", body);
    }

    static AdminResponse html(String body) {
        return new AdminResponse(200, "text/html; charset=UTF-8", body);
    }
}
