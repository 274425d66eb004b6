package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.tracing.CustomTag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.data.accesslog.v3.HTTPAccessLogEntry}.
 *
 * @param requestHeaders those that are wanted beside what is always told, and so of the others
 */
record HttpEntry(
        List<String> filterState,
        List<CustomTag> tags,
        List<HeaderName> requestHeaders,
        List<HeaderName> responseHeaders,
        List<HeaderName> responseTrailers)
        implements LoggedEntry {

    private static final int COMMON_PROPERTIES = 1;
    private static final int PROTOCOL_VERSION = 2;
    private static final int REQUEST = 3;
    private static final int RESPONSE = 4;

    private static final int REQUEST_METHOD = 1;
    private static final int SCHEME = 2;
    private static final int AUTHORITY = 3;
    private static final int PATH = 5;
    private static final int USER_AGENT = 6;
    private static final int REFERER = 7;
    private static final int FORWARDED_FOR = 8;
    private static final int REQUEST_ID = 9;
    private static final int ORIGINAL_PATH = 10;
    private static final int REQUEST_HEADERS_BYTES = 11;
    private static final int REQUEST_BODY_BYTES = 12;
    private static final int REQUEST_HEADERS = 13;
    private static final int UPSTREAM_HEADER_BYTES_SENT = 14;
    private static final int DOWNSTREAM_HEADER_BYTES_RECEIVED = 15;

    private static final int RESPONSE_CODE = 1;
    private static final int RESPONSE_HEADERS_BYTES = 2;
    private static final int RESPONSE_BODY_BYTES = 3;
    private static final int RESPONSE_HEADERS = 4;
    private static final int RESPONSE_TRAILERS = 5;
    private static final int RESPONSE_CODE_DETAILS = 6;
    private static final int UPSTREAM_HEADER_BYTES_RECEIVED = 7;
    private static final int DOWNSTREAM_HEADER_BYTES_SENT = 8;

    @Override
    public void write(MessageWriter out, FormatContext entry) {
        int common = out.begin(COMMON_PROPERTIES);
        CommonProperties.write(out, entry, filterState, tags);
        out.end(common);
        StreamInfo info = entry.info();
        if (info.protocol() != null) {
            out.number(PROTOCOL_VERSION, info.protocol().ordinal() + 1);
        }
        int request = out.begin(REQUEST);
        request(out, info, entry.requestHeaders());
        out.end(request);
        int response = out.begin(RESPONSE);
        response(out, info, entry);
        out.end(response);
    }

    @Override
    public boolean bounded() {
        return true;
    }

    private void request(MessageWriter out, StreamInfo info, @Nullable Headers headers) {
        if (headers != null) {
            out.number(REQUEST_METHOD, method(headers));
            out.header(SCHEME, headers, HeaderName.SCHEME);
            out.header(AUTHORITY, headers, HeaderName.AUTHORITY);
            out.header(PATH, headers, HeaderName.PATH);
            out.header(USER_AGENT, headers, HeaderName.USER_AGENT);
            out.header(REFERER, headers, HeaderName.REFERER);
            out.header(FORWARDED_FOR, headers, HeaderName.X_FORWARDED_FOR);
            out.header(REQUEST_ID, headers, HeaderName.X_REQUEST_ID);
            out.header(ORIGINAL_PATH, headers, HeaderName.X_ENVOY_ORIGINAL_PATH);
            out.number(REQUEST_HEADERS_BYTES, headers.byteSize());
        }
        out.number(REQUEST_BODY_BYTES, info.bytesReceived);
        fields(out, REQUEST_HEADERS, headers, requestHeaders);
        UpstreamInfo upstream = info.upstream();
        if (upstream != null) {
            out.number(UPSTREAM_HEADER_BYTES_SENT, upstream.headerBytesSent);
        }
        out.number(DOWNSTREAM_HEADER_BYTES_RECEIVED, info.downstreamHeaderBytesReceived);
    }

    private void response(MessageWriter out, StreamInfo info, FormatContext entry) {
        if (info.responseCode() != 0) {
            int code = out.begin(RESPONSE_CODE);
            out.number(1, info.responseCode());
            out.end(code);
        }
        Headers headers = entry.responseHeaders();
        if (headers != null) {
            out.number(RESPONSE_HEADERS_BYTES, headers.byteSize());
        }
        out.number(RESPONSE_BODY_BYTES, info.bytesSent);
        fields(out, RESPONSE_HEADERS, headers, responseHeaders);
        fields(out, RESPONSE_TRAILERS, entry.responseTrailers(), responseTrailers);
        if (info.responseCodeDetails() != null) {
            out.octets(RESPONSE_CODE_DETAILS, info.responseCodeDetails());
        }
        UpstreamInfo upstream = info.upstream();
        if (upstream != null) {
            out.number(UPSTREAM_HEADER_BYTES_RECEIVED, upstream.headerBytesReceived);
        }
        out.number(DOWNSTREAM_HEADER_BYTES_SENT, info.downstreamHeaderBytesSent);
    }

    /** A map of those fields that are there, repeated ones joined. */
    private static void fields(
            MessageWriter out, int field, @Nullable Headers headers, List<HeaderName> wanted) {
        if (headers == null) {
            return;
        }
        for (int i = 0; i < wanted.size(); i++) {
            HeaderName name = wanted.get(i);
            if (headers.contains(name)) {
                int begun = out.begin(field);
                out.octets(1, name.toString());
                out.header(2, headers, name);
                out.end(begun);
            }
        }
    }

    /** {@code envoy.config.core.v3.RequestMethod}; 0 for others. */
    private static int method(Headers headers) {
        String method = headers.getOr(HeaderName.METHOD, "");
        return switch (method) {
            case "GET" -> 1;
            case "HEAD" -> 2;
            case "POST" -> 3;
            case "PUT" -> 4;
            case "DELETE" -> 5;
            case "CONNECT" -> 6;
            case "OPTIONS" -> 7;
            case "TRACE" -> 8;
            case "PATCH" -> 9;
            default -> 0;
        };
    }
}
