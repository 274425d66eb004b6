package dev.attache.proxy.tracing;

/** Why a request is traced, as it is written into its request id (Envoy's {@code Reason}). */
public enum TraceReason {
    /** It is not. */
    NOT_TRACEABLE('4'),
    SAMPLING('9'),
    /** {@code x-envoy-force-trace}. */
    SERVICE_FORCED('a'),
    /** {@code x-client-trace-id}. */
    CLIENT_FORCED('b');

    private final char mark;

    TraceReason(char mark) {
        this.mark = mark;
    }

    /** The digit of the request id that says so. */
    public char mark() {
        return mark;
    }

    public boolean traced() {
        return this != NOT_TRACEABLE;
    }

    /** What a digit of a request id says. */
    public static TraceReason of(char mark) {
        return switch (mark) {
            case '9' -> SAMPLING;
            case 'a' -> SERVICE_FORCED;
            case 'b' -> CLIENT_FORCED;
            default -> NOT_TRACEABLE;
        };
    }
}
