package dev.attache.filters.http.grpc_json_transcoder.schema;

/** A descriptor set that cannot be used; the message is Envoy's. */
public final class SchemaException extends Exception {
    private static final long serialVersionUID = 1;

    SchemaException(String message) {
        super(message);
    }
}
