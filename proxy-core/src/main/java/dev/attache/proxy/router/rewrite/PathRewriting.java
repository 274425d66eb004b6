package dev.attache.proxy.router.rewrite;

import dev.attache.proxy.route.RouteAction.PathRewrite;
import dev.attache.proxy.route.match.PathMatcher;
import org.jspecify.annotations.Nullable;

/** Rewrites of a path without its query; one that gives nothing leaves the path alone. Pure. */
public final class PathRewriting {

    private PathRewriting() {}

    /** The new path, or null where there is nothing to rewrite. */
    public static @Nullable String rewrite(PathRewrite rewrite, PathMatcher matched, String path) {
        String changed = changed(rewrite, matched, path);
        return changed == null || changed.isEmpty() ? null : changed;
    }

    private static @Nullable String changed(PathRewrite rewrite, PathMatcher matched, String path) {
        if (rewrite instanceof PathRewrite.Prefix(String replacement)) {
            int matchedLength = matchedLength(matched, path);
            return matchedLength < 0 ? null : replacement + path.substring(matchedLength);
        }
        if (rewrite instanceof PathRewrite.Substitute(var regex, String substitution)) {
            return regex.replaceAll(path, substitution);
        }
        if (rewrite instanceof PathRewrite.Whole(String whole)) {
            return whole;
        }
        return rewrite instanceof PathRewrite.Template(String template)
                        && matched instanceof PathMatcher.Template(var uri)
                ? uri.rewrite(path, template)
                : path;
    }

    /**
     * What a prefix rewrite replaces: the prefix, or the whole of an exact or regex match; -1 where
     * the path has it only without its parameters.
     */
    private static int matchedLength(PathMatcher matched, String path) {
        if (matched instanceof PathMatcher.Prefix(String prefix, boolean sensitive)) {
            return begins(path, prefix, sensitive);
        }
        if (matched instanceof PathMatcher.SeparatedPrefix(String prefix, boolean sensitive)) {
            return begins(path, prefix, sensitive);
        }
        if (matched instanceof PathMatcher.Exact(String exact, boolean sensitive)) {
            return begins(path, exact, sensitive);
        }
        return matched instanceof PathMatcher.Connect ? 0 : path.length();
    }

    private static int begins(String path, String with, boolean caseSensitive) {
        return path.regionMatches(!caseSensitive, 0, with, 0, with.length()) ? with.length() : -1;
    }
}
