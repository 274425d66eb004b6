package dev.attache.proxy.http.h2;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for a whole head (RFC 9113 section 8.3, RFC 8441), and the translation between
 * extended CONNECT and an HTTP/1 upgrade.
 */
final class MessageRules {

    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString OPTIONS = AsciiString.cached("OPTIONS");
    private static final AsciiString HEAD = AsciiString.cached("HEAD");
    private static final String ALPHANUMERIC =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /** RFC 9113 section 8.3.1: no user information. */
    private static final boolean[] AUTHORITY = octets("-._~!$&'()*+,;=:[]%" + ALPHANUMERIC);

    /** RFC 9110 section 5.6.2, tchar. */
    private static final boolean[] METHOD = octets("!#$%&'*+-.^_`|~" + ALPHANUMERIC);

    /** RFC 3986 section 3.1. */
    private static final boolean[] SCHEME = octets("+-." + ALPHANUMERIC);

    private static boolean[] octets(String allowed) {
        boolean[] octets = new boolean[256];
        for (char c : allowed.toCharArray()) {
            octets[c] = true;
        }
        return octets;
    }

    private MessageRules() {}

    /** Details of what is wrong with a request head, or null. */
    static @Nullable String request(Headers headers, boolean extendedConnect) {
        int method = headers.indexOf(HeaderName.METHOD);
        int path = headers.indexOf(HeaderName.PATH);
        int scheme = headers.indexOf(HeaderName.SCHEME);
        int authority = headers.indexOf(HeaderName.AUTHORITY);
        boolean protocol = headers.contains(HeaderName.PROTOCOL);
        if (method < 0) {
            return Http2Details.MESSAGING_RULE;
        }
        if (protocol && !extendedConnect) {
            return Http2Details.INVALID_HEADER_FIELD;
        }
        boolean connect = headers.valueEquals(method, CONNECT);
        if (protocol && (!connect || authority < 0)) {
            return Http2Details.MESSAGING_RULE;
        }
        if (connect && !protocol) {
            boolean complete = authority >= 0 && headers.valueLength(authority) > 0;
            return path >= 0 || scheme >= 0 || !complete ? Http2Details.MESSAGING_RULE : null;
        }
        if (path < 0 || scheme < 0 || authority < 0) {
            return Http2Details.MESSAGING_RULE;
        }
        if (!headers.valueEqualsIgnoreCase(scheme, "http")
                && !headers.valueEqualsIgnoreCase(scheme, "https")) {
            // RFC 9113 section 8.3.1 speaks of these two; of others the path may be anything.
            return null;
        }
        boolean rooted = headers.valueByte(path, 0) == '/';
        boolean asterisk =
                headers.valueByte(path, 0) == '*'
                        && headers.valueLength(path) == 1
                        && headers.valueEquals(method, OPTIONS);
        return rooted || asterisk ? null : Http2Details.MESSAGING_RULE;
    }

    /** The status of a response head, or -1 where it is not three digits. */
    static int status(Headers headers) {
        int i = headers.indexOf(HeaderName.STATUS);
        long status = headers.getLong(HeaderName.STATUS);
        return i >= 0 && headers.valueLength(i) == 3 && status >= 100 ? (int) status : -1;
    }

    /** The announced length; -1 where there is none, -2 where it makes no sense. */
    static long contentLength(Headers headers) {
        int i = headers.indexOf(HeaderName.CONTENT_LENGTH);
        if (i < 0) {
            return -1;
        }
        long length = headers.getLong(HeaderName.CONTENT_LENGTH);
        return length < 0 || headers.indexOf(HeaderName.CONTENT_LENGTH, i + 1) >= 0 ? -2 : length;
    }

    static boolean isHead(Headers headers) {
        return headers.is(HeaderName.METHOD, HEAD);
    }

    static boolean isConnect(Headers headers) {
        return headers.is(HeaderName.METHOD, CONNECT);
    }

    /** RFC 9113 section 8.2.3: crumbs become one field again. */
    static void joinCookies(Headers headers) {
        int first = headers.indexOf(HeaderName.COOKIE);
        if (first < 0 || headers.indexOf(HeaderName.COOKIE, first + 1) < 0) {
            return;
        }
        StringBuilder joined = new StringBuilder();
        for (int i = first; i >= 0; i = headers.indexOf(HeaderName.COOKIE, i + 1)) {
            joined.append(joined.isEmpty() ? "" : "; ").append(headers.value(i));
        }
        headers.set(HeaderName.COOKIE, joined.toString());
    }

    // ---- upgrades ---------------------------------------------------------------------------

    /** Extended CONNECT in: becomes GET with {@code upgrade}; the protocol, or null. */
    static @Nullable String requestToUpgrade(Headers headers) {
        String protocol = headers.get(HeaderName.PROTOCOL);
        if (protocol == null) {
            return null;
        }
        headers.set(HeaderName.METHOD, GET);
        headers.remove(HeaderName.PROTOCOL);
        headers.remove(HeaderName.CONTENT_LENGTH);
        headers.set(HeaderName.UPGRADE, protocol);
        headers.set(HeaderName.CONNECTION, "upgrade");
        return protocol;
    }

    /** The upgrade's answer out: its 101 becomes 200, in a copy, for the log keeps the 101. */
    static Headers responseFromUpgrade(Headers headers) {
        if (status(headers) != 101 || upgradeProtocol(headers) == null) {
            return headers;
        }
        Headers outgoing = headers.copy();
        outgoing.set(HeaderName.STATUS, "200");
        outgoing.remove(HeaderName.CONTENT_LENGTH);
        return outgoing;
    }

    /** The protocol that an HTTP/1-shaped request upgrades to, or null. */
    static @Nullable String upgradeProtocol(Headers headers) {
        String protocol = headers.get(HeaderName.UPGRADE);
        return protocol != null && asksForUpgrade(headers) ? protocol : null;
    }

    /** A GET that upgrades as extended CONNECT, in a copy, for a retry needs the original. */
    static Headers requestFromUpgrade(Headers headers, String protocol) {
        Headers outgoing = headers.copy();
        outgoing.set(HeaderName.METHOD, CONNECT);
        outgoing.set(HeaderName.PROTOCOL, protocol);
        outgoing.remove(HeaderName.CONTENT_LENGTH);
        return outgoing;
    }

    private static boolean asksForUpgrade(Headers headers) {
        String connection = headers.getJoined(HeaderName.CONNECTION);
        if (connection == null) {
            return false;
        }
        for (String token : connection.split(",", -1)) {
            if (token.strip().equalsIgnoreCase("upgrade")) {
                return true;
            }
        }
        return false;
    }

    /** The answer to extended CONNECT in: 200 becomes 101, and as in Envoy no other 2xx. */
    static void responseToUpgrade(Headers headers, String protocol) {
        if (status(headers) == 200) {
            headers.set(HeaderName.STATUS, "101");
            headers.set(HeaderName.UPGRADE, protocol);
            headers.set(HeaderName.CONNECTION, "upgrade");
        }
    }

    /** Whether a pseudo header of a request may have that value. */
    static boolean mayBe(HeaderName pseudo, AsciiString value) {
        if (pseudo == HeaderName.METHOD) {
            return consistsOf(METHOD, value);
        }
        if (pseudo == HeaderName.SCHEME) {
            int first = value.isEmpty() ? 0 : value.byteAt(0) | 0x20;
            return first >= 'a' && first <= 'z' && consistsOf(SCHEME, value);
        }
        if (pseudo == HeaderName.AUTHORITY) {
            return consistsOf(AUTHORITY, value);
        }
        return pseudo != HeaderName.PATH
                || (!value.isEmpty() && value.indexOf(' ', 0) < 0 && value.indexOf('\t', 0) < 0);
    }

    private static boolean consistsOf(boolean[] octets, AsciiString value) {
        for (int i = 0; i < value.length(); i++) {
            if (!octets[value.byteAt(i) & 0xff]) {
                return false;
            }
        }
        return !value.isEmpty();
    }
}
