package dev.attache.filter;

/** There is no answer to a call. */
@Evolving(since = "0.1")
public final class CallException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
        /** There is no cluster of that name. */
        NO_CLUSTER,
        /** It has no host to send to. */
        NO_HOST,
        /** A circuit breaker is open. */
        OVERFLOW,
        TIMEOUT,
        /** No connection, or it was cut short. */
        RESET,
        /** The answer is longer than {@link CallRequest#maxResponseBytes}. */
        TOO_LARGE,
        /** gRPC answered with a status other than OK. */
        GRPC_STATUS
    }

    private final Kind kind;
    private final int code;

    /**
     * @param code see {@link #code}
     */
    public CallException(Kind kind, int code, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * The status that stands for it: of HTTP what the proxy would have answered a client, e.g. 503;
     * of gRPC its code, e.g. 14.
     */
    public int code() {
        return code;
    }
}
