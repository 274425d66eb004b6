package dev.attache.filters.http.grpc_json_transcoder.json;

/** A value or a message that does not fit its type; what is wrong is said in protobuf's words. */
public final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean typeMissing;

    Unfit(String message) {
        this(message, false);
    }

    private Unfit(String message, boolean typeMissing) {
        super(message, null, false, false);
        this.typeMissing = typeMissing;
    }

    /** It names a type that nobody knows. */
    static Unfit unknownType(String message) {
        return new Unfit(message, true);
    }

    /** The status that says so, as Envoy's details name it. */
    public String code() {
        return typeMissing ? "NOT_FOUND" : "INVALID_ARGUMENT";
    }

    /** What to tell. */
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
