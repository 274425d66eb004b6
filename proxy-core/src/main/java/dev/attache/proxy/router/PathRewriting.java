package dev.attache.proxy.router;

import dev.attache.proxy.route.PathMatcher;
import dev.attache.proxy.route.RouteAction.PathRewrite;
import org.jspecify.annotations.Nullable;

/** Rewrites of a path without its query; one that gives nothing leaves the path alone. Pure. */
final class PathRewriting {

    private PathRewriting() {}

    /** The new path, or null where there is nothing to rewrite. */
    static @Nullable String rewrite(PathRewrite rewrite, PathMatcher matched, String path) {
        String changed = changed(rewrite, matched, path);
        return changed == null || changed.isEmpty() ? null : changed;
    }

    private static @Nullable String changed(PathRewrite rewrite, PathMatcher matched, String path) {
        return switch (rewrite) {
            case PathRewrite.Prefix(String replacement) -> {
                int matchedLength = matchedLength(matched, path);
                yield matchedLength < 0 ? null : replacement + path.substring(matchedLength);
            }
            case PathRewrite.Substitute(var regex, String substitution) ->
                    regex.replaceAll(path, substitution);
            case PathRewrite.Whole(String whole) -> whole;
            case PathRewrite.Template(String template) ->
                    matched instanceof PathMatcher.Template(var uri)
                            ? uri.rewrite(path, template)
                            : path;
            case PathRewrite.Formatted formatted -> path;
        };
    }

    /**
     * What a prefix rewrite replaces: the prefix, or the whole of an exact or regex match; -1 where
     * the path has it only without its parameters.
     */
    private static int matchedLength(PathMatcher matched, String path) {
        return switch (matched) {
            case PathMatcher.Prefix(String prefix, boolean sensitive) ->
                    begins(path, prefix, sensitive);
            case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                    begins(path, prefix, sensitive);
            case PathMatcher.Exact(String exact, boolean sensitive) ->
                    begins(path, exact, sensitive);
            case PathMatcher.Pattern pattern -> path.length();
            case PathMatcher.Template template -> path.length();
            case PathMatcher.Connect connect -> 0;
        };
    }

    private static int begins(String path, String with, boolean caseSensitive) {
        return path.regionMatches(!caseSensitive, 0, with, 0, with.length()) ? with.length() : -1;
    }
}
