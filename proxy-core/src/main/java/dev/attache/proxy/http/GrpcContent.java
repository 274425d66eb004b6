package dev.attache.proxy.http;

import org.jspecify.annotations.Nullable;

/** What tells a gRPC message from any other: its content type. Pure. */
public final class GrpcContent {

    private static final String TYPE = "application/grpc";

    private GrpcContent() {}

    /** {@code application/grpc}, or that with a suffix such as {@code +proto}. */
    public static boolean isGrpc(Headers message) {
        String type = message.get(HeaderName.CONTENT_TYPE);
        return isGrpc(type);
    }

    private static boolean isGrpc(@Nullable String type) {
        return type != null
                && type.startsWith(TYPE)
                && (type.length() == TYPE.length() || type.charAt(TYPE.length()) == '+');
    }
}
