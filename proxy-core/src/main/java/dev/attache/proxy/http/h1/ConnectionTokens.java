package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code connection} field says, and what it may do: keep or close, upgrade, and name
 * other fields as hop-by-hop (RFC 9110 section 7.6.1), within Envoy's limits against stripping the
 * fields that a proxy relies on.
 */
final class ConnectionTokens {

    private static final int MAX_NOMINATED = 10;
    private static final int MAX_TE_LENGTH = 256;

    private ConnectionTokens() {}

    /**
     * Whether {@code name}'s values have the token, whatever its case; {@code token} lower case.
     */
    static boolean contains(Headers headers, HeaderName name, String token) {
        for (int i = headers.indexOf(name); i >= 0; i = headers.indexOf(name, i + 1)) {
            byte[] text = headers.text();
            int end = headers.valueStart(i) + headers.valueLength(i);
            int start = headers.valueStart(i);
            while (start <= end) {
                int comma = start;
                while (comma < end && text[comma] != ',') {
                    comma++;
                }
                if (tokenEquals(text, start, comma, token)) {
                    return true;
                }
                start = comma + 1;
            }
        }
        return false;
    }

    private static boolean tokenEquals(byte[] text, int from, int to, String token) {
        int start = from;
        int end = to;
        while (start < end && Octets.isBlank(text[start])) {
            start++;
        }
        while (end > start && Octets.isBlank(text[end - 1])) {
            end--;
        }
        return Octets.equalsIgnoreCase(text, start, end, token);
    }

    static boolean isUpgrade(Headers headers) {
        return headers.contains(HeaderName.UPGRADE)
                && contains(headers, HeaderName.CONNECTION, "upgrade");
    }

    /** Envoy's {@code shouldCloseConnection}: HTTP/1.0 closes unless told to keep alive. */
    static boolean closes(Headers headers, boolean http10) {
        if (http10) {
            return !contains(headers, HeaderName.CONNECTION, "keep-alive");
        }
        return contains(headers, HeaderName.CONNECTION, "close")
                || contains(headers, HeaderName.PROXY_CONNECTION, "close");
    }

    /** Serves a request to upgrade to {@code h2c} as if it had not asked. */
    static void dropH2cUpgrade(Headers headers) {
        headers.remove(HeaderName.UPGRADE);
        headers.remove(Http1Names.HTTP2_SETTINGS);
        String left = "";
        for (String token : tokens(headers, HeaderName.CONNECTION)) {
            if (!token.equalsIgnoreCase("upgrade") && !token.equalsIgnoreCase("http2-settings")) {
                left = left.isEmpty() ? token : left + "," + token;
            }
        }
        replace(headers, left);
    }

    /**
     * Takes the ignored ones from the upgrades that a request asks for.
     *
     * @return whether there are others
     */
    static boolean keepUpgrades(Headers headers, List<StringMatcher> ignored) {
        String left = "";
        for (String type : tokens(headers, HeaderName.UPGRADE)) {
            if (!isMatched(type, ignored)) {
                left = left.isEmpty() ? type : left + "," + type;
            }
        }
        if (!left.isEmpty()) {
            headers.set(HeaderName.UPGRADE, left);
            return true;
        }
        headers.remove(HeaderName.UPGRADE);
        String tokens = "";
        for (String token : tokens(headers, HeaderName.CONNECTION)) {
            if (!token.equalsIgnoreCase("upgrade")) {
                tokens = tokens.isEmpty() ? token : tokens + "," + token;
            }
        }
        replace(headers, tokens);
        return false;
    }

    private static boolean isMatched(String type, List<StringMatcher> matchers) {
        for (StringMatcher matcher : matchers) {
            if (matcher.matches(type)) {
                return true;
            }
        }
        return false;
    }

    /** Removes the fields that {@code connection} nominates; an error where it may not do so. */
    static @Nullable Http1Error sanitize(Headers headers) {
        int only = headers.indexOf(HeaderName.CONNECTION);
        if (only < 0) {
            return null;
        }
        if (headers.indexOf(HeaderName.CONNECTION, only + 1) < 0
                && (headers.valueEqualsIgnoreCase(only, "keep-alive")
                        || headers.valueEqualsIgnoreCase(only, "close"))) {
            return null;
        }
        String[] tokens = tokens(headers, HeaderName.CONNECTION);
        if (tokens.length >= MAX_NOMINATED) {
            return Http1Error.CONNECTION_HEADER_REJECTED;
        }
        String left = "";
        for (String token : tokens) {
            String name = token.toLowerCase(Locale.ROOT);
            switch (name) {
                case "close", "keep-alive", "upgrade", "http2-settings" ->
                        left = left.isEmpty() ? token : left + "," + token;
                case "te" -> {
                    Http1Error wrong = sanitizeTe(headers);
                    if (wrong != null) {
                        return wrong;
                    }
                    if (headers.contains(HeaderName.TE)) {
                        left = left.isEmpty() ? token : left + "," + token;
                    }
                }
                case "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto" -> {
                    return Http1Error.CONNECTION_HEADER_REJECTED;
                }
                case "connection", "" -> {}
                case "host" -> headers.remove(HeaderName.AUTHORITY);
                default -> {
                    if (name.charAt(0) == ':') {
                        return Http1Error.CONNECTION_HEADER_REJECTED;
                    }
                    headers.remove(HeaderName.of(name));
                }
            }
        }
        replace(headers, left);
        return null;
    }

    /** Of {@code te} only {@code trailers} may go on. */
    private static @Nullable Http1Error sanitizeTe(Headers headers) {
        int te = headers.indexOf(HeaderName.TE);
        if (te < 0) {
            return null;
        }
        if (headers.valueLength(te) > MAX_TE_LENGTH) {
            return Http1Error.CONNECTION_HEADER_REJECTED;
        }
        if (contains(headers, HeaderName.TE, "trailers")) {
            headers.set(HeaderName.TE, "trailers");
        } else {
            headers.remove(HeaderName.TE);
        }
        return null;
    }

    private static String[] tokens(Headers headers, HeaderName name) {
        String joined = headers.getJoined(name);
        if (joined == null) {
            return new String[0];
        }
        String[] tokens = joined.split(",", -1);
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = tokens[i].strip();
        }
        return tokens;
    }

    private static void replace(Headers headers, String tokens) {
        if (tokens.isEmpty()) {
            headers.remove(HeaderName.CONNECTION);
        } else {
            headers.set(HeaderName.CONNECTION, tokens);
        }
    }
}
