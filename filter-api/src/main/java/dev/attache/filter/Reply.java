package dev.attache.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer that a filter gives in place of a server. The connection manager's {@code
 * local_reply_config} applies; clients of gRPC get status and text as gRPC has them. Immutable.
 */
@Stable(since = "0.1")
public final class Reply {

    private final int status;
    private final String body;
    private final String details;
    private final List<Map.Entry<String, String>> headers;

    private Reply(
            int status, String body, String details, List<Map.Entry<String, String>> headers) {
        this.status = status;
        this.body = body;
        this.details = details;
        this.headers = List.copyOf(headers);
    }

    /**
     * @param status from 200 to 599
     * @param body text; may be empty
     * @throws IllegalArgumentException there is no such status
     */
    public static Reply of(int status, String body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("no status of an answer: " + status);
        }
        return new Reply(status, body, "", List.of());
    }

    /**
     * The same with {@code %RESPONSE_CODE_DETAILS%} for the access log, e.g. {@code quota_used_up};
     * otherwise they are {@code filter_reply{NAME}}.
     */
    public Reply details(String text) {
        return new Reply(status, body, text, headers);
    }

    /** The same with one header more. */
    public Reply header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Reply(status, body, details, more);
    }

    public int status() {
        return status;
    }

    public String body() {
        return body;
    }

    /** Empty where none were given. */
    public String details() {
        return details;
    }

    /** In order. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }
}
