package dev.attache.server.admin.http;

import dev.attache.proxy.network.http.request.PathCanonicalization;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which requests the admin listener refuses before it looks at their path, as Envoy's HTTP
 * connection manager does in front of its admin interface. Pure.
 */
public final class AdminAdmission {

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

    /**
     * What a target and an authority may consist of (RFC 3986 section 3.2, and any that is seen).
     */
    private static final Pattern TARGET = Pattern.compile("[!-~]+");

    private static final Pattern AUTHORITY = Pattern.compile("[-\\w.~!$&'()*+,;=:\\[\\]%@]*");

    /** No path, yet well-formed: an absolute URL or an asterisk, which no page has. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\*|[A-Za-z][-A-Za-z0-9+.]*://.*");

    private AdminAdmission() {}

    /**
     * Why a request is refused.
     *
     * @param withReason the reason phrase is the body
     * @param fatal the connection ends
     */
    public record Refusal(HttpResponseStatus status, boolean withReason, boolean fatal) {}

    /** Carries a refusal of a head through Netty's aggregator. */
    static final class Refused extends Exception {
        private final transient Refusal refusal;

        Refused(Refusal refusal) {
            super(refusal.toString(), null, false, false);
            this.refusal = refusal;
        }
    }

    private static final Refusal BAD_REQUEST = refusal(HttpResponseStatus.BAD_REQUEST);
    private static final Refusal TOO_LARGE =
            refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);

    private static Refusal refusal(HttpResponseStatus status) {
        return new Refusal(status, true, true);
    }

    /** Null for a request that may go on. */
    public static @Nullable Refusal check(FullHttpRequest request) {
        Throwable problem = request.decoderResult().cause();
        return switch (problem) {
            case null -> null;
            case Refused refused -> refused.refusal;
            case TooLongHttpLineException line -> TOO_LARGE;
            case TooLongHttpHeaderException header -> TOO_LARGE;
            default -> BAD_REQUEST;
        };
    }

    /** Of a head as it came; null where nothing is wrong that Netty has not found. */
    static @Nullable Refusal ofHead(HttpRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean chunked = codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
        if (!codings.isEmpty() && !chunked) {
            return refusal(HttpResponseStatus.NOT_IMPLEMENTED);
        }
        if (request.decoderResult().isFailure()) {
            return null;
        }
        if (!METHODS.contains(request.method().name())) {
            return BAD_REQUEST;
        }
        if (headSize(request) > AdminRequestDecoder.MAX_HEAD
                || request.headers().size() > MAX_HEADERS) {
            return TOO_LARGE;
        }
        if (isMalformed(request, request.uri())) {
            return BAD_REQUEST;
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return refusal(HttpResponseStatus.UPGRADE_REQUIRED);
        }
        return ofTarget(request, request.uri());
    }

    private static boolean isMalformed(HttpRequest request, String target) {
        boolean path = target.startsWith("/");
        boolean connect = request.method().equals(HttpMethod.CONNECT);
        return !TARGET.matcher(target).matches()
                || (connect ? path : !path && !ELSEWHERE.matcher(target).matches());
    }

    private static @Nullable Refusal ofTarget(HttpRequest request, String target) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host != null && !AUTHORITY.matcher(host).matches()) {
            return BAD_REQUEST;
        }
        if (host == null || target.indexOf('#') >= 0) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, false, true);
        }
        if (!target.startsWith("/")) {
            return new Refusal(HttpResponseStatus.NOT_FOUND, false, false);
        }
        return PathCanonicalization.canonical(target.split("\\?", 2)[0]) == null
                ? new Refusal(HttpResponseStatus.BAD_REQUEST, false, true)
                : null;
    }

    private static int headSize(HttpRequest request) {
        int size = request.uri().length() + request.method().name().length();
        for (Map.Entry<String, String> header : request.headers()) {
            size += header.getKey().length() + header.getValue().length() + HEADER_OVERHEAD;
        }
        return size;
    }
}
