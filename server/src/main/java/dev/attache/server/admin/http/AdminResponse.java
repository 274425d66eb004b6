package dev.attache.server.admin.http;

import java.util.Map;

/**
 * An answer of the administration interface. Its body is made once.
 *
 * @param headers fields beside those that every answer has
 */
public record AdminResponse(
        int status, String contentType, AdminBody body, Map<String, String> headers)
        implements AdminAnswer {

    private static final String TEXT = "text/plain; charset=UTF-8";

    public AdminResponse(int status, String contentType, AdminBody body) {
        this(status, contentType, body, Map.of());
    }

    public AdminResponse(int status, String contentType, String body) {
        this(status, contentType, AdminBody.of(body));
    }

    /** The same with these fields. */
    public AdminResponse with(Map<String, String> fields) {
        return new AdminResponse(status, contentType, body, fields);
    }

    public static AdminResponse text(String body) {
        return text(200, body);
    }

    public static AdminResponse text(int status, String body) {
        return new AdminResponse(status, TEXT, body);
    }

    public static AdminResponse text(AdminBody body) {
        return new AdminResponse(200, TEXT, body);
    }

    public static AdminResponse json(String body) {
        return json(AdminBody.of(body));
    }

    public static AdminResponse json(AdminBody body) {
        return new AdminResponse(200, "application/json", body);
    }

    public static AdminResponse html(String body) {
        return new AdminResponse(200, "text/html; charset=UTF-8", body);
    }
}
