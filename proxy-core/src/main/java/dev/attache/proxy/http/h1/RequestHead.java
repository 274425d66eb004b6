package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Judges one request head: the request line as it comes, the rest when the head is complete. Leaves
 * pseudo headers in {@link Headers} and what the codec needs to know in itself. Reused.
 */
final class RequestHead implements HeadReader.StartLine {

    private static final byte[] HTTP_1_1 = Http1Names.bytes("HTTP/1.1");
    private static final byte[] HTTP_1_0 = Http1Names.bytes("HTTP/1.0");

    private final Http1Options options;
    private final MessageFraming framing = new MessageFraming();
    private Protocol protocol = Protocol.HTTP11;
    private boolean unsupportedVersion;
    private boolean connect;
    private boolean head;
    private boolean upgrade;
    private boolean closes;
    private int authority;
    private int authorityEnd;
    private @Nullable String scheme;
    private boolean emptyPath;

    RequestHead(Http1Options options) {
        this.options = options;
    }

    /** Forgets the last request; until the version is known it is taken for HTTP/1.1. */
    void begin() {
        protocol = Protocol.HTTP11;
        unsupportedVersion = false;
        connect = false;
        head = false;
        upgrade = false;
        closes = false;
        authority = -1;
        scheme = null;
        emptyPath = false;
    }

    MessageFraming framing() {
        return framing;
    }

    Protocol protocol() {
        return protocol;
    }

    boolean isConnect() {
        return connect;
    }

    boolean isHead() {
        return head;
    }

    /** After the head nothing is framed: bytes pass raw once the response accepts. */
    boolean isRaw() {
        return connect || upgrade;
    }

    boolean closes() {
        return closes;
    }

    @Override
    public @Nullable Http1Error parse(Headers headers, int start, int end) {
        byte[] text = headers.text();
        int method = methodEnd(text, start, end);
        if (method < 0) {
            return Http1Error.CODEC_ERROR;
        }
        headers.addSpan(HeaderName.METHOD, start, method - start);
        connect = Octets.equals(text, start, method, Http1Names.CONNECT);
        head = Octets.equals(text, start, method, Http1Names.HEAD);
        int target = method + 1;
        int targetEnd = target;
        while (targetEnd < end && Octets.isTarget(text[targetEnd])) {
            targetEnd++;
        }
        if (targetEnd == target) {
            return Http1Error.CODEC_ERROR;
        }
        Http1Error wrong = version(text, targetEnd, end);
        if (wrong != null) {
            return wrong;
        }
        boolean options = Octets.equals(text, start, method, Http1Names.OPTIONS);
        return target(headers, text, target, targetEnd, options);
    }

    private int methodEnd(byte[] text, int start, int end) {
        int i = start;
        while (i < end && text[i] != ' ') {
            if (Octets.name(text[i]) == 0) {
                return -1;
            }
            i++;
        }
        if (i == start || i == end) {
            return -1;
        }
        return options.allowCustomMethods() || Http1Names.isKnownMethod(text, start, i) ? i : -1;
    }

    private @Nullable Http1Error version(byte[] text, int space, int end) {
        if (space == end) {
            // HTTP/0.9: no version at all.
            unsupportedVersion = true;
            return null;
        }
        if (text[space] != ' ') {
            return (text[space] & 0xff) < 0x80 && !Octets.isValue(text[space])
                    ? Http1Error.INVALID_CHARACTERS
                    : Http1Error.CODEC_ERROR;
        }
        int start = space + 1;
        if (Octets.equals(text, start, end, HTTP_1_1)) {
            return null;
        }
        if (Octets.equals(text, start, end, HTTP_1_0)) {
            protocol = Protocol.HTTP10;
            unsupportedVersion = !options.acceptHttp10();
            return null;
        }
        unsupportedVersion = true;
        boolean wellFormed =
                end - start == 8
                        && Octets.equals(text, start, start + 5, Http1Names.bytes("HTTP/"))
                        && isDigit(text[start + 5])
                        && text[start + 6] == '.'
                        && isDigit(text[start + 7]);
        return wellFormed ? null : Http1Error.CODEC_ERROR;
    }

    private @Nullable Http1Error target(
            Headers headers, byte[] text, int start, int end, boolean isOptions) {
        if (connect) {
            return connectTarget(text, start, end);
        }
        if (text[start] == '/' || (text[start] == '*' && isOptions)) {
            headers.addSpan(HeaderName.PATH, start, end - start);
            return null;
        }
        if (text[start] == '*') {
            return Http1Error.INVALID_URL;
        }
        int colon = start;
        while (colon < end && isAlpha(text[colon])) {
            colon++;
        }
        if (colon == start
                || colon + 3 > end
                || text[colon] != ':'
                || text[colon + 1] != '/'
                || text[colon + 2] != '/') {
            return Http1Error.CODEC_ERROR;
        }
        if (!options.allowAbsoluteUrl()) {
            headers.addSpan(HeaderName.PATH, start, end - start);
            return null;
        }
        return absolute(headers, text, start, colon, end);
    }

    private @Nullable Http1Error absolute(
            Headers headers, byte[] text, int start, int colon, int end) {
        int host = colon + 3;
        int hostEnd = host;
        while (hostEnd < end && text[hostEnd] != '/' && text[hostEnd] != '?') {
            if (text[hostEnd] == '@') {
                // User information is not part of the host.
                host = hostEnd + 1;
            } else if (!Octets.isAuthority(text[hostEnd])) {
                return Http1Error.CODEC_ERROR;
            }
            hostEnd++;
        }
        if (host == hostEnd) {
            return Http1Error.INVALID_URL;
        }
        if (Octets.equalsIgnoreCase(text, start, colon, "http")) {
            scheme = "http";
        } else if (Octets.equalsIgnoreCase(text, start, colon, "https")) {
            scheme = "https";
        } else {
            return Http1Error.INVALID_SCHEME;
        }
        authority = host;
        authorityEnd = hostEnd;
        emptyPath = hostEnd == end;
        if (!emptyPath) {
            headers.addSpan(HeaderName.PATH, hostEnd, end - hostEnd);
        }
        return null;
    }

    private @Nullable Http1Error connectTarget(byte[] text, int start, int end) {
        int colon = end;
        while (colon > start && isDigit(text[colon - 1])) {
            colon--;
        }
        if (colon == end
                || end - colon > 5
                || colon - 1 <= start
                || text[colon - 1] != ':'
                || !Octets.isAuthority(text, start, end)) {
            return Http1Error.INVALID_URL;
        }
        authority = start;
        authorityEnd = end;
        return null;
    }

    /** The head is complete: everything that needs more than one line. */
    @Nullable Http1Error finish(Headers headers) {
        Http1Error wrong = framing.read(headers);
        if (wrong != null) {
            return wrong;
        }
        upgrade = !connect && ConnectionTokens.isUpgrade(headers);
        if (upgrade && isH2c(headers)) {
            ConnectionTokens.dropH2cUpgrade(headers);
            upgrade = false;
        }
        if (connect) {
            wrong = connectHasNoBody(headers);
            if (wrong != null) {
                return wrong;
            }
        }
        closes = ConnectionTokens.closes(headers, protocol == Protocol.HTTP10);
        if (!upgrade) {
            wrong = ConnectionTokens.sanitize(headers);
            if (wrong != null) {
                return wrong;
            }
        }
        applyTarget(headers);
        wrong = checkAuthority(headers);
        if (wrong != null) {
            return wrong;
        }
        wrong = framing.resolve(headers, options.allowChunkedLength());
        if (wrong != null) {
            return wrong;
        }
        if (unsupportedVersion) {
            return Http1Error.LOW_VERSION;
        }
        // RFC 9112 section 6.1: chunked in an HTTP/1.0 message is faulty framing.
        return protocol == Protocol.HTTP10 && framing.chunked() ? Http1Error.CODEC_ERROR : null;
    }

    private static boolean isH2c(Headers headers) {
        int i = headers.indexOf(HeaderName.UPGRADE);
        return i >= 0 && headers.valueEqualsIgnoreCase(i, "h2c");
    }

    private @Nullable Http1Error connectHasNoBody(Headers headers) {
        if (framing.chunked()) {
            return Http1Error.INVALID_TRANSFER_ENCODING;
        }
        if (framing.contentLength() > 0) {
            return Http1Error.BODY_DISALLOWED;
        }
        headers.remove(HeaderName.CONTENT_LENGTH);
        return null;
    }

    /** RFC 9112 section 3.2.2: the host of the request target replaces the field. */
    private void applyTarget(Headers headers) {
        if (authority >= 0) {
            headers.remove(HeaderName.AUTHORITY);
            headers.addSpan(HeaderName.AUTHORITY, authority, authorityEnd - authority);
        } else if (protocol == Protocol.HTTP10
                && !options.defaultHostForHttp10().isEmpty()
                && !headers.contains(HeaderName.AUTHORITY)) {
            headers.add(HeaderName.AUTHORITY, options.defaultHostForHttp10());
        }
        if (scheme != null) {
            headers.set(HeaderName.SCHEME, scheme);
        }
        if (emptyPath) {
            headers.set(HeaderName.PATH, "/");
        }
    }

    private static @Nullable Http1Error checkAuthority(Headers headers) {
        int i = headers.indexOf(HeaderName.AUTHORITY);
        if (i < 0) {
            return null;
        }
        int start = headers.valueStart(i);
        int end = start + headers.valueLength(i);
        return Octets.isAuthority(headers.text(), start, end) ? null : Http1Error.INVALID_AUTHORITY;
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private static boolean isAlpha(byte octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    }
}
