package dev.attache.filters.http.grpc_json_transcoder.schema;

import java.util.List;

/**
 * {@code google.api.HttpRule}. Immutable.
 *
 * @param verb of HTTP; empty: the rule has no pattern
 * @param path the template
 * @param body the field that the body is, {@code *} for the message, empty for none
 * @param responseBody the field that the response's body is, or empty
 */
public record HttpRule(
        String verb, String path, String body, String responseBody, List<HttpRule> additional) {

    public HttpRule {
        additional = List.copyOf(additional);
    }

    /** What a method without a rule gets where all are mapped. */
    public static HttpRule post(String path) {
        return new HttpRule("POST", path, "*", "", List.of());
    }

    /** A method that cannot be reached. */
    public static HttpRule none() {
        return new HttpRule("", "", "", "", List.of());
    }
}
