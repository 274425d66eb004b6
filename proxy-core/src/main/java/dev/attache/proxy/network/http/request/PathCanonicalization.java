package dev.attache.proxy.network.http.request;

import dev.attache.proxy.http.PercentEncoding;
import org.jspecify.annotations.Nullable;

/**
 * {@code normalize_path}: one spelling of a path, as Envoy's URL library defines it. Parameters of
 * dot segments go ({@code /..;v=1} is {@code /..}, as servlet containers read it), RFC 3986's
 * unreserved characters are decoded, what may not stand in a path is encoded, backslashes become
 * slashes, dot segments are resolved. Pure.
 */
public final class PathCanonicalization {

    /** Octets that stay as they are; a percent sign, a dot and a backslash are looked at. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        String others = "!$&'()*+,-/:;=@[]_~";
        for (int i = 0; i < 256; i++) {
            PLAIN[i] =
                    (i >= 'a' && i <= 'z')
                            || (i >= 'A' && i <= 'Z')
                            || (i >= '0' && i <= '9')
                            || others.indexOf(i) >= 0;
        }
    }

    private PathCanonicalization() {}

    /** Whether the octets up to the query are canonical already; may say no where they are. */
    public static boolean isCanonical(byte[] text, int start, int length) {
        if (length == 0 || text[start] != '/') {
            return false;
        }
        for (int i = start; i < start + length && text[i] != '?'; i++) {
            byte b = text[i];
            if (b == '.' ? text[i - 1] == '/' : !PLAIN[b & 0xff]) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param path without query
     * @return null where it does not begin with a slash or holds an encoded NUL
     */
    public static @Nullable String canonical(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return null;
        }
        String decoded = decode(withoutDotParameters(path));
        return decoded == null ? null : removeDotSegments(decoded);
    }

    /** Cuts {@code ;…} from segments that are dots to the letter; encoded dots keep theirs. */
    private static String withoutDotParameters(String path) {
        if (!path.contains("/.;") && !path.contains("/..;")) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            int end = endOfSegment(path, at);
            int cut = end;
            if (path.startsWith(".;", at + 1)) {
                cut = at + 2;
            } else if (path.startsWith("..;", at + 1)) {
                cut = at + 3;
            }
            out.append(path, at, cut);
            at = end;
        }
        return out.toString();
    }

    private static int endOfSegment(String path, int slash) {
        int end = path.indexOf('/', slash + 1);
        return end < 0 ? path.length() : end;
    }

    /** Decodes and encodes; null at an encoded NUL. An incomplete encoding stays as it is. */
    private static @Nullable String decode(String path) {
        StringBuilder out = new StringBuilder(path.length());
        int stray = -4; // nowhere near
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                int value = PercentEncoding.octet(path, i);
                if (value == 0) {
                    return null;
                }
                if (value > 0 && isUnreserved(value)) {
                    out.append((char) value);
                    i += 2;
                    keepApart(out, stray, i + 1 < path.length() ? path.charAt(i + 1) : '/');
                } else {
                    stray = value < 0 ? out.length() : stray;
                    out.append(c);
                }
            } else if (c == '\\') {
                out.append('/');
            } else if (c == '.' || PLAIN[c & 0xff]) {
                out.append(c);
            } else {
                PercentEncoding.append(out, c);
            }
        }
        return out.toString();
    }

    /**
     * What was just decoded must not become an encoding with a percent sign that stands alone
     * before it ({@code %%32e}), which the next reader would decode: that sign is encoded then.
     *
     * @param stray where the last such sign is in {@code out}
     * @param next the character that follows in the path
     */
    private static void keepApart(StringBuilder out, int stray, char next) {
        int behind = out.length() - stray;
        if (behind == 2 && PercentEncoding.octet("%" + out.charAt(stray + 1) + next, 0) >= 0
                || behind == 3 && PercentEncoding.octet(out.substring(stray), 0) >= 0) {
            out.insert(stray + 1, "25");
        }
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static String removeDotSegments(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            int end = endOfSegment(path, at);
            String segment = path.substring(at + 1, end);
            if (segment.equals(".") || segment.equals("..")) {
                if (segment.equals("..")) {
                    out.setLength(Math.max(0, out.lastIndexOf("/")));
                }
                if (end == path.length()) {
                    out.append('/');
                }
            } else {
                out.append('/').append(segment);
            }
            at = end;
        }
        return out.isEmpty() ? "/" : out.toString();
    }
}
