package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcStatus;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code %GRPC_STATUS(CAMEL_STRING|SNAKE_STRING|NUMBER)%}: from trailers, headers, or the status.
 */
final class GrpcStatusText {

    private static final List<String> CAMEL =
            List.of(
                    "OK",
                    "Canceled",
                    "Unknown",
                    "InvalidArgument",
                    "DeadlineExceeded",
                    "NotFound",
                    "AlreadyExists",
                    "PermissionDenied",
                    "ResourceExhausted",
                    "FailedPrecondition",
                    "Aborted",
                    "OutOfRange",
                    "Unimplemented",
                    "Internal",
                    "Unavailable",
                    "DataLoss",
                    "Unauthenticated");

    private static final List<String> SNAKE =
            List.of(
                    "OK",
                    "CANCELLED",
                    "UNKNOWN",
                    "INVALID_ARGUMENT",
                    "DEADLINE_EXCEEDED",
                    "NOT_FOUND",
                    "ALREADY_EXISTS",
                    "PERMISSION_DENIED",
                    "RESOURCE_EXHAUSTED",
                    "FAILED_PRECONDITION",
                    "ABORTED",
                    "OUT_OF_RANGE",
                    "UNIMPLEMENTED",
                    "INTERNAL",
                    "UNAVAILABLE",
                    "DATA_LOSS",
                    "UNAUTHENTICATED");

    private GrpcStatusText() {}

    static FormatCommand command(@Nullable String style) {
        return switch (style == null || style.isEmpty() ? "CAMEL_STRING" : style) {
            case "CAMEL_STRING" -> context -> named(context, CAMEL);
            case "SNAKE_STRING" -> context -> named(context, SNAKE);
            case "NUMBER" -> (FormatCommand.Numeric) GrpcStatusText::number;
            default ->
                    throw new IllegalArgumentException(
                            "GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or"
                                    + " NUMBER. Got: "
                                    + style);
        };
    }

    private static @Nullable String named(FormatContext context, List<String> names) {
        long status = number(context);
        if (status == Long.MIN_VALUE) {
            return null;
        }
        return status >= 0 && status < names.size()
                ? names.get((int) status)
                : Long.toString(status);
    }

    static long number(FormatContext context) {
        Headers request = context.requestHeaders();
        if (request == null || !GrpcContent.isGrpc(request)) {
            return Long.MIN_VALUE;
        }
        for (Headers headers :
                Arrays.asList(context.responseTrailers(), context.responseHeaders())) {
            if (headers != null && headers.indexOf(HeaderName.GRPC_STATUS) >= 0) {
                // What is no number is -1.
                return Math.max(-1, headers.getLong(HeaderName.GRPC_STATUS));
            }
        }
        int status = context.info().responseCode();
        return status == 0 ? Long.MIN_VALUE : GrpcStatus.ofHttp(status);
    }
}
