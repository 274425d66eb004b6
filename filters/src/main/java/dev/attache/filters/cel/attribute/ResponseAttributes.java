package dev.attache.filters.cel.attribute;

import static dev.attache.filters.cel.attribute.RequestAttributes.bytes;

import dev.attache.filters.cel.value.Digits;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code response.*}. */
final class ResponseAttributes {
    /** Of what gRPC does not know. */
    private static final long INVALID_STATUS = -1;

    private static final long LAST_STATUS = 16;

    private ResponseAttributes() {}

    static @Nullable Attribute find(String name) {
        return switch (name) {
            case "code" -> ResponseAttributes::code;
            case "code_details" -> context -> context.info().responseCodeDetails();
            case "size" -> context -> context.info().bytesSent;
            case "headers" -> context -> new HeaderMap(context.responseHeaders(), false);
            case "headers_bytes" -> context -> (long) bytes(context.responseHeaders());
            case "trailers" -> context -> new HeaderMap(context.responseTrailers(), false);
            case "flags" -> context -> context.info().flagBits();
            case "grpc_status" -> ResponseAttributes::grpcStatus;
            case "total_size" ->
                    context ->
                            context.info().bytesSent
                                    + bytes(context.responseHeaders())
                                    + bytes(context.responseTrailers());
            case "backend_latency" -> ResponseAttributes::latency;
            default -> null;
        };
    }

    private static @Nullable Object code(FormatContext context) {
        int code = context.info().responseCode();
        return code == 0 ? null : (Object) (long) code;
    }

    private static @Nullable Object grpcStatus(FormatContext context) {
        String status = status(context.responseTrailers());
        if (status == null) {
            status = status(context.responseHeaders());
        }
        if (status == null) {
            int code = context.info().responseCode();
            return code == 0 ? null : (Object) (long) GrpcStatus.ofHttp(code);
        }
        return Digits.signed(status) instanceof Long number && number >= 0 && number <= LAST_STATUS
                ? number
                : (Object) INVALID_STATUS;
    }

    private static @Nullable String status(@Nullable Headers headers) {
        return headers == null ? null : headers.get(HeaderName.GRPC_STATUS);
    }

    private static @Nullable Object latency(FormatContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null || upstream.lastRxNanos == -1 || upstream.firstTxNanos == -1
                ? null
                : Duration.ofNanos(upstream.lastRxNanos - upstream.firstTxNanos);
    }
}
