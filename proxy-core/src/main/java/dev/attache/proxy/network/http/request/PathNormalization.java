package dev.attache.proxy.network.http.request;

/**
 * What happens to {@code :path} before anything looks at it, in Envoy's order: fragment, escaped
 * slashes, RFC 3986 normalisation, repeated slashes. Pure.
 */
public final class PathNormalization {

    /** The outcome: the path to go on with, or an answer. */
    public sealed interface Outcome {
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
    public static boolean needed(Paths options, byte[] text, int start, int length) {
        if (options.normalize() && !PathCanonicalization.isCanonical(text, start, length)) {
            return true;
        }
        for (int i = start; i < start + length; i++) {
            byte b = text[i];
            if (b == '#'
                    || (b == '%' && options.escapedSlashes() != EscapedSlashes.KEEP_UNCHANGED)
                    || (b == '/' && i > start && text[i - 1] == '/' && options.mergeSlashes())) {
                return true;
            }
        }
        return false;
    }

    public static Outcome apply(Paths options, String original) {
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
            String canonical = PathCanonicalization.canonical(head);
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

    /** Envoy joins the segments that are not empty: of slashes alone two remain. */
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
        return out.length() == 1 ? "//" : out.toString();
    }
}
