package dev.attache.proxy.http.h1;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The request target (RFC 9112 section 3.2) in its four forms, with Envoy's verdicts: what is no
 * target at all fails with the request line, what names no host that exists on the internet fails
 * when the head is complete. Reused; owned by one {@link RequestHead}.
 */
final class RequestTarget {

    private final Http1Options options;
    private int authority;
    private int authorityEnd;
    private @Nullable String scheme;
    private boolean emptyPath;
    private @Nullable Http1Error wrong;

    RequestTarget(Http1Options options) {
        this.options = options;
    }

    void begin() {
        authority = -1;
        scheme = null;
        emptyPath = false;
        wrong = null;
    }

    /** {@code absolute-form} of https; plain connections may have to refuse it. */
    boolean isHttps() {
        return scheme != null && scheme.equals("https");
    }

    /** Leaves {@code :path} in the headers and the rest here; false where it is no target. */
    boolean parse(Headers headers, int start, int end, boolean connect, boolean asterisk) {
        byte[] text = headers.text();
        byte first = text[start];
        if (!isWellFormed(text, start, end, connect)) {
            return false;
        }
        if (connect) {
            authority(text, start, end);
        } else if (first == '/' || (first == '*' && asterisk) || !options.allowAbsoluteUrl()) {
            headers.addSpan(HeaderName.PATH, start, end - start);
        } else if (first == '*') {
            wrong = Http1Error.INVALID_URL;
        } else {
            absolute(headers, text, start, end);
        }
        return true;
    }

    /** A path, or an optional scheme and a host of the right octets; their sense comes later. */
    private static boolean isWellFormed(byte[] text, int start, int end, boolean connect) {
        if (text[start] == '/' || text[start] == '*') {
            return true;
        }
        int i = start;
        if (!connect) {
            i = schemeEnd(text, start, end);
            if (i < 0) {
                return false;
            }
            i += 3;
        }
        boolean afterAt = false;
        for (; i < end && text[i] != '/' && text[i] != '?'; i++) {
            boolean at = text[i] == '@';
            if (!Octets.isAuthority(text[i]) || (at && afterAt)) {
                return false;
            }
            afterAt = at;
        }
        return true;
    }

    /** Where {@code ://} begins, or -1. */
    private static int schemeEnd(byte[] text, int start, int end) {
        int i = start;
        while (i < end && Octets.isScheme(text[i], i == start)) {
            i++;
        }
        boolean found =
                i > start
                        && i + 3 <= end
                        && text[i] == ':'
                        && text[i + 1] == '/'
                        && text[i + 2] == '/';
        return found ? i : -1;
    }

    private void absolute(Headers headers, byte[] text, int start, int end) {
        int colon = schemeEnd(text, start, end);
        int host = colon + 3;
        int hostEnd = host;
        int at = -1;
        while (hostEnd < end && text[hostEnd] != '/' && text[hostEnd] != '?') {
            if (text[hostEnd] == '@') {
                // User information is not part of the host, and there can be only one.
                wrong = at < 0 ? wrong : Http1Error.INVALID_URL;
                at = hostEnd;
            }
            hostEnd++;
        }
        if (at >= 0) {
            wrong = isUserInformation(text, host, at) ? wrong : Http1Error.INVALID_URL;
            host = at + 1;
        }
        if (wrong == null && isHost(text, host, hostEnd, false)) {
            scheme(text, start, colon);
            authority = host;
            authorityEnd = hostEnd;
        } else {
            wrong = Http1Error.INVALID_URL;
        }
        emptyPath = hostEnd == end;
        if (!emptyPath) {
            headers.addSpan(HeaderName.PATH, hostEnd, end - hostEnd);
        }
    }

    private void scheme(byte[] text, int start, int colon) {
        if (Octets.equalsIgnoreCase(text, start, colon, "http")) {
            scheme = "http";
        } else if (Octets.equalsIgnoreCase(text, start, colon, "https")) {
            scheme = "https";
        } else {
            wrong = Http1Error.INVALID_SCHEME;
        }
    }

    private void authority(byte[] text, int start, int end) {
        if (isHost(text, start, end, true)) {
            authority = start;
            authorityEnd = end;
        } else {
            wrong = Http1Error.INVALID_URL;
        }
    }

    private static boolean isUserInformation(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] == '[' || text[i] == ']') {
                return false;
            }
        }
        return true;
    }

    /** A name of letters, digits, hyphens and dots, or an IP literal in brackets; then a port. */
    private static boolean isHost(byte[] text, int start, int end, boolean needsPort) {
        int i = start;
        if (i < end && text[i] == '[') {
            while (i < end && text[i] != ']') {
                i++;
            }
            String literal =
                    new String(text, start + 1, i - start - 1, StandardCharsets.ISO_8859_1);
            if (i == end || !IpAddress.isLiteral(literal)) {
                return false;
            }
            i++;
        } else {
            while (i < end && Octets.isHostName(text[i])) {
                i++;
            }
        }
        if (i == start) {
            return false;
        }
        return i == end ? !needsPort : text[i] == ':' && isPort(text, i + 1, end);
    }

    private static boolean isPort(byte[] text, int start, int end) {
        int port = 0;
        for (int i = start; i < end; i++) {
            if (!Octets.isDigit(text[i])) {
                return false;
            }
            port = port * 10 + text[i] - '0';
            if (port > 0xffff) {
                return false;
            }
        }
        return start < end;
    }

    /**
     * The head is complete. RFC 9112 section 3.2.2: the host of the target replaces the field.
     *
     * @param secure the connection is TLS
     */
    @Nullable Http1Error apply(Headers headers, boolean secure) {
        if (wrong != null) {
            return wrong;
        }
        if (options.validateScheme() && !secure && isHttps()) {
            return Http1Error.HTTPS_ON_PLAINTEXT;
        }
        if (authority >= 0) {
            headers.remove(HeaderName.AUTHORITY);
            headers.addSpan(HeaderName.AUTHORITY, authority, authorityEnd - authority);
        }
        if (scheme != null) {
            headers.set(HeaderName.SCHEME, scheme);
        }
        if (emptyPath) {
            headers.set(HeaderName.PATH, "/");
        }
        return null;
    }
}
