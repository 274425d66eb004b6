package dev.attache.server.admin;

/** An answer of the administration interface. Its body is made once. */
record AdminResponse(int status, String contentType, AdminBody body) implements AdminAnswer {

    private static final String TEXT = "text/plain; charset=UTF-8";

    AdminResponse(int status, String contentType, String body) {
        this(status, contentType, AdminBody.of(body));
    }

    static AdminResponse text(String body) {
        return text(200, body);
    }

    static AdminResponse text(int status, String body) {
        return new AdminResponse(status, TEXT, body);
    }

    static AdminResponse text(AdminBody body) {
        return new AdminResponse(200, TEXT, body);
    }

    static AdminResponse json(String body) {
        return json(AdminBody.of(body));
    }

    static AdminResponse json(AdminBody body) {
        return new AdminResponse(200, "application/json", body);
    }

    static AdminResponse html(String body) {
        return new AdminResponse(200, "text/html; charset=UTF-8", body);
    }
}
