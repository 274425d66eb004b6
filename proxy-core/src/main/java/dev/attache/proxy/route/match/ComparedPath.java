package dev.attache.proxy.route.match;

import java.nio.charset.StandardCharsets;

/**
 * A path matcher with what {@link PathCover} asks of it, made once for all others that it is
 * compared with. Immutable.
 *
 * @param known with what each path that it takes begins, or what it is; empty where that is not
 *     known
 * @param bytes of {@code known}, as of a path of a request; not to be changed
 * @param folded these as text, its letters small
 */
record ComparedPath(CompiledPath compiled, String known, byte[] bytes, String folded) {

    static ComparedPath of(PathMatcher matcher) {
        String known = known(matcher);
        byte[] bytes = known.getBytes(StandardCharsets.ISO_8859_1);
        return new ComparedPath(CompiledPath.of(matcher), known, bytes, folded(bytes));
    }

    PathMatcher matcher() {
        return compiled.matcher();
    }

    private static String known(PathMatcher matcher) {
        return switch (matcher) {
            case PathMatcher.Exact exact -> exact.path();
            case PathMatcher.Prefix prefix -> prefix.prefix();
            case PathMatcher.SeparatedPrefix separated -> separated.prefix();
            case PathMatcher.Pattern pattern -> PathCover.literalStart(pattern.regex().pattern());
            case PathMatcher.Template template ->
                    PathCover.fixedStart(template.template().source());
            case PathMatcher.Connect connect -> "";
        };
    }

    /** As a matcher that ignores case does: the letters of ASCII alone. */
    private static String folded(byte[] bytes) {
        byte[] small = bytes.clone();
        for (int i = 0; i < small.length; i++) {
            if (small[i] >= 'A' && small[i] <= 'Z') {
                small[i] = (byte) (small[i] + 32);
            }
        }
        return new String(small, StandardCharsets.ISO_8859_1);
    }
}
