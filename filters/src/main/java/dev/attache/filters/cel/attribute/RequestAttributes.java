package dev.attache.filters.cel.attribute;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code request.*}. Without request headers what is read of them is not there. */
final class RequestAttributes {
    private RequestAttributes() {}

    static @Nullable Attribute find(String name) {
        return switch (name) {
            case "headers" -> context -> new HeaderMap(context.requestHeaders(), true);
            case "headers_bytes" -> context -> (long) bytes(context.requestHeaders());
            case "time" -> context -> Instant.ofEpochMilli(context.info().startTimeMillis());
            case "size" -> RequestAttributes::size;
            case "total_size" ->
                    context -> context.info().bytesReceived + bytes(context.requestHeaders());
            case "duration" -> RequestAttributes::duration;
            case "protocol" -> RequestAttributes::protocol;
            case "path" -> header(HeaderName.PATH);
            case "url_path" -> path(RequestAttributes::withoutQuery);
            case "query" -> path(RequestAttributes::query);
            case "host" -> header(HeaderName.AUTHORITY);
            case "scheme" -> header(HeaderName.SCHEME);
            case "method" -> header(HeaderName.METHOD);
            case "referer" -> header(HeaderName.REFERER);
            case "id" -> header(HeaderName.X_REQUEST_ID);
            case "useragent" -> header(HeaderName.USER_AGENT);
            default -> null;
        };
    }

    static int bytes(@Nullable Headers headers) {
        return headers == null ? 0 : headers.byteSize();
    }

    private static Attribute header(HeaderName name) {
        return context -> {
            Headers headers = context.requestHeaders();
            return headers == null ? null : headers.get(name);
        };
    }

    /** Of no path that of an empty one; of a request that never came nothing. */
    private static Attribute path(Function<String, String> part) {
        return context -> {
            Headers headers = context.requestHeaders();
            return headers == null || headers.size() == 0
                    ? null
                    : part.apply(headers.getOr(HeaderName.PATH, ""));
        };
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static String query(String path) {
        int query = path.indexOf('?');
        if (query < 0) {
            return "";
        }
        int fragment = path.indexOf('#', query);
        return path.substring(query + 1, fragment < 0 ? path.length() : fragment);
    }

    /** What the request says its body is long, or what has come of it. */
    private static @Nullable Object size(FormatContext context) {
        Headers headers = context.requestHeaders();
        String length = headers == null ? null : headers.get(HeaderName.CONTENT_LENGTH);
        if (length == null) {
            return context.info().bytesReceived;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Object duration(FormatContext context) {
        StreamInfo info = context.info();
        return info.endNanos == -1 ? null : Duration.ofNanos(info.endNanos - info.startNanos());
    }

    private static @Nullable Object protocol(FormatContext context) {
        Protocol protocol = context.info().protocol();
        return protocol == null ? null : protocol.text();
    }
}
