package dev.attache.proxy.http.grpc;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.PercentEncoding;
import org.jspecify.annotations.Nullable;

/** gRPC's status between HTTP and gRPC (gRPC over HTTP/2, as Envoy reads it). Pure. */
public final class GrpcStatus {
    /** What stands for a status that is no number. */
    public static final long INVALID = -1;

    private GrpcStatus() {}

    /** gRPC's mapping of HTTP status codes. */
    public static int ofHttp(int status) {
        return switch (status) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }

    /** The HTTP status that says about the same. */
    public static int toHttp(long status) {
        return switch ((int) Math.min(status, Integer.MAX_VALUE)) {
            case 0 -> 200;
            case 1 -> 499;
            case 3, 9, 11 -> 400;
            case 4 -> 504;
            case 5 -> 404;
            case 6, 10 -> 409;
            case 7 -> 403;
            case 8 -> 429;
            case 12 -> 501;
            case 14 -> 503;
            case 16 -> 401;
            default -> 500;
        };
    }

    /**
     * Whether a response is gRPC's.
     *
     * @param end nothing follows the headers: they are the trailers as well
     */
    public static boolean isResponse(Headers headers, boolean end) {
        return end
                ? headers.contains(HeaderName.GRPC_STATUS)
                : headers.getLong(HeaderName.STATUS) == 200 && GrpcContent.isGrpc(headers);
    }

    /**
     * The number in {@code grpc-status}, {@link #INVALID} for what is none; null: there is none.
     */
    public static @Nullable Long of(Headers headers) {
        String text = headers.get(HeaderName.GRPC_STATUS);
        if (text == null || text.isEmpty()) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return INVALID;
            }
        }
        return text.length() > 18 ? INVALID : Long.valueOf(text);
    }

    /** A message as {@code grpc-message} has it, of octets; Envoy encodes the tilde as well. */
    public static String encodeMessage(String octets) {
        StringBuilder out = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c < 0x20 || c >= 0x7e || c == '%') {
                PercentEncoding.append(out, c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** The octets that a {@code grpc-message} stands for. */
    public static String decodeMessage(String text) {
        return PercentEncoding.decoded(text);
    }
}
