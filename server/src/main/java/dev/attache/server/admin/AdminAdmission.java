package dev.attache.server.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests the admin listener refuses before it looks at their path, as Envoy's HTTP
 * connection manager does in front of its admin interface. Pure.
 */
final class AdminAdmission {

    private static final int MAX_HEADERS = 100;
    private static final int HEADER_OVERHEAD = 4;
    private static final Set<String> METHODS =
            Set.of(
                    "ACL",
                    "BIND",
                    "CHECKOUT",
                    "CONNECT",
                    "COPY",
                    "DELETE",
                    "GET",
                    "HEAD",
                    "LINK",
                    "LOCK",
                    "MERGE",
                    "MKACTIVITY",
                    "MKCALENDAR",
                    "MKCOL",
                    "MOVE",
                    "MSEARCH",
                    "NOTIFY",
                    "OPTIONS",
                    "PATCH",
                    "POST",
                    "PROPFIND",
                    "PROPPATCH",
                    "PURGE",
                    "PUT",
                    "REBIND",
                    "REPORT",
                    "SEARCH",
                    "SOURCE",
                    "SUBSCRIBE",
                    "TRACE",
                    "UNBIND",
                    "UNLINK",
                    "UNLOCK",
                    "UNSUBSCRIBE");

    private AdminAdmission() {}

    /**
     * Why a request is refused.
     *
     * @param withReason the reason phrase is the body
     * @param fatal the connection ends
     */
    record Refusal(HttpResponseStatus status, boolean withReason, boolean fatal) {}

    /** Null for a request that may go on. */
    static @Nullable Refusal check(FullHttpRequest request) {
        Throwable problem = request.decoderResult().cause();
        if (problem instanceof TooLongHttpLineException
                || problem instanceof TooLongHttpHeaderException) {
            return new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, true, true);
        }
        if (problem != null || !METHODS.contains(request.method().name())) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, true, true);
        }
        if (headSize(request) > AdminRequestDecoder.MAX_HEAD
                || request.headers().size() > MAX_HEADERS) {
            return new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, true, true);
        }
        if (request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0) {
            return new Refusal(HttpResponseStatus.UPGRADE_REQUIRED, true, true);
        }
        if (!request.headers().contains(HttpHeaderNames.HOST) || request.uri().indexOf('#') >= 0) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, false, true);
        }
        if (!request.uri().startsWith("/")) {
            return new Refusal(HttpResponseStatus.NOT_FOUND, false, false);
        }
        return null;
    }

    private static int headSize(FullHttpRequest request) {
        int size = request.uri().length() + request.method().name().length();
        for (Map.Entry<String, String> header : request.headers()) {
            size += header.getKey().length() + header.getValue().length() + HEADER_OVERHEAD;
        }
        return size;
    }
}
