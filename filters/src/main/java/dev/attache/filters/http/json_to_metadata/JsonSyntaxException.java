package dev.attache.filters.http.json_to_metadata;

/** A body is no JSON. Has no stack: whoever sends it decides how often it is thrown. */
final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    JsonSyntaxException(String message) {
        super(message, null, false, false);
    }
}
