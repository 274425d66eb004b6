package dev.attache.filters.grpc;

import org.jspecify.annotations.Nullable;

/** A service and a method, as a gRPC request's path names them. */
public record GrpcMethod(String service, String method) {

    /** Null where the path is not of the form {@code /service/method}. */
    public static @Nullable GrpcMethod of(String path) {
        int query = path.indexOf('?');
        String[] parts = new String[2];
        int count = 0;
        for (String part : (query < 0 ? path : path.substring(0, query)).split("/")) {
            if (part.isEmpty()) {
                continue;
            }
            if (count == 2) {
                return null;
            }
            parts[count++] = part;
        }
        return count == 2 ? new GrpcMethod(parts[0], parts[1]) : null;
    }
}
