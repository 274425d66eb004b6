package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Method names and reason phrases as bytes. */
final class Http1Names {

    static final HeaderName HTTP2_SETTINGS = HeaderName.of("http2-settings");

    static final byte[] GET = bytes("GET");
    static final byte[] HEAD = bytes("HEAD");
    static final byte[] CONNECT = bytes("CONNECT");
    static final byte[] OPTIONS = bytes("OPTIONS");

    /** The methods that Envoy's parser knows, most frequent first. */
    private static final byte[][] METHODS = {
        GET,
        bytes("POST"),
        bytes("PUT"),
        bytes("DELETE"),
        HEAD,
        bytes("PATCH"),
        OPTIONS,
        CONNECT,
        bytes("ACL"),
        bytes("BIND"),
        bytes("CHECKOUT"),
        bytes("COPY"),
        bytes("LINK"),
        bytes("LOCK"),
        bytes("MERGE"),
        bytes("MKACTIVITY"),
        bytes("MKCALENDAR"),
        bytes("MKCOL"),
        bytes("MOVE"),
        bytes("MSEARCH"),
        bytes("NOTIFY"),
        bytes("PROPFIND"),
        bytes("PROPPATCH"),
        bytes("PURGE"),
        bytes("QUERY"),
        bytes("REBIND"),
        bytes("REPORT"),
        bytes("SEARCH"),
        bytes("SOURCE"),
        bytes("SUBSCRIBE"),
        bytes("TRACE"),
        bytes("UNBIND"),
        bytes("UNLINK"),
        bytes("UNLOCK"),
        bytes("UNSUBSCRIBE"),
    };

    private static final byte[] UNKNOWN = bytes("Unknown");

    private static final byte[][] REASONS = new byte[600][];

    static {
        Arrays.fill(REASONS, UNKNOWN);
        reasons(100, "Continue", "Switching Protocols");
        reasons(
                200,
                "OK",
                "Created",
                "Accepted",
                "Non-Authoritative Information",
                "No Content",
                "Reset Content",
                "Partial Content",
                "Multi-Status",
                "Already Reported");
        reasons(226, "IM Used");
        reasons(
                300,
                "Multiple Choices",
                "Moved Permanently",
                "Found",
                "See Other",
                "Not Modified",
                "Use Proxy");
        reasons(307, "Temporary Redirect", "Permanent Redirect");
        reasons(
                400,
                "Bad Request",
                "Unauthorized",
                "Payment Required",
                "Forbidden",
                "Not Found",
                "Method Not Allowed",
                "Not Acceptable",
                "Proxy Authentication Required",
                "Request Timeout",
                "Conflict",
                "Gone",
                "Length Required",
                "Precondition Failed",
                "Payload Too Large",
                "URI Too Long",
                "Unsupported Media Type",
                "Range Not Satisfiable",
                "Expectation Failed");
        reasons(
                421,
                "Misdirected Request",
                "Unprocessable Entity",
                "Locked",
                "Failed Dependency",
                "Too Early",
                "Upgrade Required");
        reasons(428, "Precondition Required", "Too Many Requests");
        reasons(431, "Request Header Fields Too Large");
        reasons(
                500,
                "Internal Server Error",
                "Not Implemented",
                "Bad Gateway",
                "Service Unavailable",
                "Gateway Timeout",
                "HTTP Version Not Supported",
                "Variant Also Negotiates",
                "Insufficient Storage",
                "Loop Detected");
        reasons(510, "Not Extended", "Network Authentication Required");
        reasons(599, "Last Unassigned Server Error Code");
    }

    private Http1Names() {}

    /** The reason phrase that Envoy sends with a status. */
    static byte[] reason(int status) {
        return status < REASONS.length ? REASONS[status] : UNKNOWN;
    }

    /** Whether a method of the list begins with that octet. */
    static boolean beginsKnownMethod(byte first) {
        for (byte[] method : METHODS) {
            if (method[0] == first) {
                return true;
            }
        }
        return false;
    }

    static boolean isKnownMethod(byte[] text, int start, int end) {
        for (byte[] method : METHODS) {
            if (Octets.equals(text, start, end, method)) {
                return true;
            }
        }
        return false;
    }

    private static void reasons(int first, String... phrases) {
        for (int i = 0; i < phrases.length; i++) {
            REASONS[first + i] = bytes(phrases[i]);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
