package dev.attache.proxy.call.grpc;

/**
 * What a gRPC call came to.
 *
 * @param code gRPC's number; others than the known ones are possible
 * @param message decoded
 * @param details Envoy's response code details of the call beneath; empty where there was none
 */
public record GrpcOutcome(int code, String message, String details) {

    /** Where an upstream has answered. */
    public static final String VIA_UPSTREAM = "via_upstream";

    public static final int OK = 0;
    public static final int UNKNOWN = 2;
    public static final int DEADLINE_EXCEEDED = 4;
    public static final int PERMISSION_DENIED = 7;
    public static final int RESOURCE_EXHAUSTED = 8;
    public static final int INTERNAL = 13;
    public static final int UNAVAILABLE = 14;
    public static final int UNAUTHENTICATED = 16;

    /** Of a response that an upstream has given. */
    public GrpcOutcome(int code, String message) {
        this(code, message, VIA_UPSTREAM);
    }

    public boolean isOk() {
        return code == OK;
    }
}
