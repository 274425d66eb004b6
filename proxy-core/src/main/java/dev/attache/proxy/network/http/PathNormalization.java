package dev.attache.proxy.network.http;

import dev.attache.proxy.network.http.HttpConnectionManagerSpec.EscapedSlashes;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Paths;
import org.jspecify.annotations.Nullable;

/**
 * What happens to {@code :path} before anything looks at it, in Envoy's order: fragment, escaped
 * slashes, RFC 3986 normalisation, repeated slashes. Pure.
 */
final class PathNormalization {

    /** The outcome: the path to go on with, or an answer. */
    sealed interface Outcome {
        record Path(String value) implements Outcome {}

        /**
         * 400, path_normalization_failed.
         *
         * @param path as far as it was normalised, for the access log
         */
        record Rejected(String path) implements Outcome {}

        /** 307 to the unescaped path. */
        record Redirected(String location) implements Outcome {}
    }

    private PathNormalization() {}

    /** Whether {@link #apply} has anything to do for this path; spares the common case a String. */
    static boolean needed(Paths options, byte[] text, int start, int length) {
        if (options.normalize() || options.mergeSlashes()) {
            return true;
        }
        for (int i = 0; i < length; i++) {
            byte b = text[start + i];
            if (b == '#'
                    || (b == '%' && options.escapedSlashes() != EscapedSlashes.KEEP_UNCHANGED)) {
                return true;
            }
        }
        return false;
    }

    static Outcome apply(Paths options, String original) {
        String path = original;
        int fragment = path.indexOf('#');
        if (fragment >= 0) {
            if (options.rejectFragment()) {
                return new Outcome.Rejected(path);
            }
            path = path.substring(0, fragment);
        }
        int query = path.indexOf('?');
        String head = query < 0 ? path : path.substring(0, query);
        String tail = query < 0 ? "" : path.substring(query);
        boolean redirect = false;
        if (options.escapedSlashes() != EscapedSlashes.KEEP_UNCHANGED) {
            String unescaped = unescapeSlashes(head);
            if (!unescaped.equals(head)) {
                if (options.escapedSlashes() == EscapedSlashes.REJECT_REQUEST) {
                    return new Outcome.Rejected(unescaped + tail);
                }
                redirect = options.escapedSlashes() == EscapedSlashes.UNESCAPE_AND_REDIRECT;
                head = unescaped;
            }
        }
        if (options.normalize()) {
            String canonical = canonical(head);
            if (canonical == null) {
                return new Outcome.Rejected(head + tail);
            }
            head = canonical;
        }
        if (options.mergeSlashes()) {
            head = mergeSlashes(head);
        }
        String result = head + tail;
        return redirect ? new Outcome.Redirected(result) : new Outcome.Path(result);
    }

    private static String unescapeSlashes(String path) {
        int at = path.indexOf('%');
        if (at < 0) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' && i + 2 < path.length()) {
                String code = path.substring(i + 1, i + 3);
                if (code.equalsIgnoreCase("2F") || code.equalsIgnoreCase("5C")) {
                    out.append(code.equalsIgnoreCase("2F") ? '/' : '\\');
                    i += 2;
                    continue;
                }
            }
            out.append(c);
        }
        return out.toString();
    }

    /**
     * RFC 3986 section 6.2.2: unreserved characters decoded, dot segments removed; backslashes
     * become slashes, as browsers read them. Null where it is not an absolute path.
     */
    static @Nullable String canonical(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return null;
        }
        return removeDotSegments(decodeUnreserved(path));
    }

    private static String decodeUnreserved(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') {
                out.append('/');
            } else if (c == '%' && i + 2 < path.length()) {
                int value = hex(path.charAt(i + 1)) * 16 + hex(path.charAt(i + 2));
                boolean valid = hex(path.charAt(i + 1)) >= 0 && hex(path.charAt(i + 2)) >= 0;
                if (valid && isUnreserved((char) value)) {
                    out.append((char) value);
                    i += 2;
                } else {
                    out.append(c);
                }
            } else if (c > 0x7e || c <= 0x20) {
                out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4 & 15, 16)));
                out.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static int hex(char c) {
        return Character.digit(c, 16);
    }

    private static boolean isUnreserved(char c) {
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
            int end = path.indexOf('/', at + 1);
            if (end < 0) {
                end = path.length();
            }
            String segment = path.substring(at + 1, end);
            boolean last = end == path.length();
            if (segment.equals(".") || segment.equals("..")) {
                if (segment.equals("..")) {
                    out.setLength(Math.max(0, out.lastIndexOf("/")));
                }
                if (last) {
                    out.append('/');
                }
            } else {
                out.append('/').append(segment);
            }
            at = end;
        }
        return out.isEmpty() ? "/" : out.toString();
    }

    private static String mergeSlashes(String path) {
        if (!path.contains("//")) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        char previous = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || previous != '/') {
                out.append(c);
            }
            previous = c;
        }
        return out.toString();
    }
}
