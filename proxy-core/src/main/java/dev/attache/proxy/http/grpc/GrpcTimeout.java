package dev.attache.proxy.http.grpc;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;

/** The {@code grpc-timeout} header: up to eight digits and a unit (gRPC over HTTP/2). Pure. */
public final class GrpcTimeout {

    private static final int MAX_LENGTH = 9;

    private GrpcTimeout() {}

    /** In milliseconds, rounded up; -1 where there is none or it is malformed. */
    public static long millis(Headers request) {
        return millis(request.getOr(HeaderName.GRPC_TIMEOUT, ""));
    }

    static long millis(String text) {
        if (text.length() < 2 || text.length() > MAX_LENGTH) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length() - 1; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return switch (text.charAt(text.length() - 1)) {
            case 'H' -> value * 3_600_000;
            case 'M' -> value * 60_000;
            case 'S' -> value * 1_000;
            case 'm' -> value;
            case 'u' -> (value + 999) / 1_000;
            case 'n' -> (value + 999_999) / 1_000_000;
            default -> -1;
        };
    }

    /** The shortest exact spelling of {@code millis}. */
    public static String text(long millis) {
        if (millis <= 99_999_999) {
            return millis + "m";
        }
        return millis / 1000 <= 99_999_999 ? millis / 1000 + "S" : millis / 3_600_000 + "H";
    }
}
