package dev.attache.proxy.http.grpc;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;

/** What tells a gRPC message from any other: its content type. Pure. */
public final class GrpcContent {

    private static final String TYPE = "application/grpc";

    private GrpcContent() {}

    /** {@code application/grpc}, or that with a suffix such as {@code +proto}. */
    public static boolean isGrpc(Headers message) {
        int at = message.indexOf(HeaderName.CONTENT_TYPE);
        int length = at < 0 ? 0 : message.valueLength(at);
        if (length < TYPE.length()) {
            return false;
        }
        for (int i = 0; i < TYPE.length(); i++) {
            if (message.valueByte(at, i) != TYPE.charAt(i)) {
                return false;
            }
        }
        return length == TYPE.length() || message.valueByte(at, TYPE.length()) == '+';
    }
}
