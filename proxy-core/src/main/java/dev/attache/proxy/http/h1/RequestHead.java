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
    private static final byte[] HTTP = Http1Names.bytes("HTTP/");

    private final Http1Options options;
    private final MessageFraming framing = new MessageFraming();
    private final RequestTarget target;
    private Protocol protocol = Protocol.HTTP11;
    private boolean unsupportedVersion;
    private boolean connect;
    private boolean head;
    private boolean upgrade;
    private boolean closes;
    private boolean simple;

    RequestHead(Http1Options options) {
        this.options = options;
        this.target = new RequestTarget(options);
    }

    /** Forgets the last request; until the version is known it is taken for HTTP/1.1. */
    void begin() {
        protocol = Protocol.HTTP11;
        unsupportedVersion = false;
        connect = false;
        head = false;
        upgrade = false;
        closes = false;
        simple = false;
        target.begin();
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
        Http1Error wrong = requestLine(headers, start, end);
        return wrong != null && Octets.hasControl(headers.text(), start, end)
                ? Http1Error.INVALID_CHARACTERS
                : wrong;
    }

    /** Whether a request may begin so; what does not need not be waited for. */
    boolean mayBegin(byte first) {
        return options.allowCustomMethods()
                ? Octets.name(first) != 0
                : Http1Names.beginsKnownMethod(first);
    }

    @Override
    public boolean endsHead() {
        return simple;
    }

    private @Nullable Http1Error requestLine(Headers headers, int start, int end) {
        byte[] text = headers.text();
        int method = methodEnd(text, start, end);
        if (method < 0) {
            return Http1Error.CODEC_ERROR;
        }
        headers.addSpan(HeaderName.METHOD, start, method - start);
        connect = Octets.equals(text, start, method, Http1Names.CONNECT);
        head = Octets.equals(text, start, method, Http1Names.HEAD);
        int first = method + 1;
        int targetEnd = first;
        while (targetEnd < end && Octets.isTarget(text[targetEnd])) {
            targetEnd++;
        }
        if (targetEnd == first) {
            return Http1Error.CODEC_ERROR;
        }
        Http1Error wrong = version(text, targetEnd, end);
        if (wrong != null) {
            return wrong;
        }
        boolean asterisk = Octets.equals(text, start, method, Http1Names.OPTIONS);
        return target.parse(headers, first, targetEnd, connect, asterisk)
                ? null
                : Http1Error.CODEC_ERROR;
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

    /** Only HTTP/1.1 is itself; every other version is served as HTTP/1.0, or not at all. */
    private @Nullable Http1Error version(byte[] text, int space, int end) {
        int start = space;
        while (start < end && text[start] == ' ') {
            start++;
        }
        if (start == end) {
            // HTTP/0.9: no version, and no fields either.
            simple = true;
            notHttp11();
            return null;
        }
        if (start != space + 1) {
            return Http1Error.CODEC_ERROR;
        }
        if (Octets.equals(text, start, end, HTTP_1_1)) {
            return null;
        }
        notHttp11();
        boolean wellFormed =
                end - start == 8
                        && Octets.equals(text, start, start + 5, HTTP)
                        && Octets.isDigit(text[start + 5])
                        && text[start + 6] == '.'
                        && Octets.isDigit(text[start + 7]);
        return wellFormed ? null : Http1Error.CODEC_ERROR;
    }

    /** Unsupported versions are answered in the form of HTTP/1.1. */
    private void notHttp11() {
        unsupportedVersion = !options.acceptHttp10();
        if (options.acceptHttp10()) {
            protocol = Protocol.HTTP10;
        }
    }

    /**
     * The head is complete: everything that needs more than one line, in Envoy's order.
     *
     * @param secure the connection is TLS
     */
    @Nullable Http1Error finish(Headers headers, boolean secure) {
        Http1Error wrong = framing.readLength(headers);
        if (wrong != null) {
            return wrong;
        }
        upgrade = !connect && ConnectionTokens.isUpgrade(headers);
        if (upgrade && isH2c(headers)) {
            ConnectionTokens.dropH2cUpgrade(headers);
            upgrade = false;
        } else if (upgrade && !options.ignoredUpgrades().isEmpty()) {
            upgrade = ConnectionTokens.keepUpgrades(headers, options.ignoredUpgrades());
        }
        if (connect && framing.contentLength() > 0) {
            return Http1Error.BODY_DISALLOWED;
        }
        if (connect) {
            framing.dropLength(headers);
        }
        wrong = framing.readCoding(headers, options.allowChunkedLength());
        if (wrong == null && connect && framing.chunked()) {
            wrong = Http1Error.INVALID_TRANSFER_ENCODING;
        }
        closes = ConnectionTokens.closes(headers, protocol == Protocol.HTTP10);
        if (wrong == null && !upgrade && !connect) {
            wrong = ConnectionTokens.sanitize(headers);
        }
        return wrong != null ? wrong : finishTarget(headers, secure);
    }

    private @Nullable Http1Error finishTarget(Headers headers, boolean secure) {
        Http1Error wrong = target.apply(headers, secure);
        if (wrong != null) {
            return wrong;
        }
        if (unsupportedVersion) {
            return Http1Error.LOW_VERSION;
        }
        if (protocol == Protocol.HTTP10
                && !options.defaultHostForHttp10().isEmpty()
                && !headers.contains(HeaderName.AUTHORITY)) {
            headers.add(HeaderName.AUTHORITY, options.defaultHostForHttp10());
        }
        // RFC 9112 section 6.1: chunked in HTTP/1.0 is faulty framing; no request may follow it.
        closes |= protocol == Protocol.HTTP10 && framing.chunked();
        return checkAuthority(headers);
    }

    private static boolean isH2c(Headers headers) {
        int i = headers.indexOf(HeaderName.UPGRADE);
        return i >= 0 && headers.valueEqualsIgnoreCase(i, "h2c");
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
}
