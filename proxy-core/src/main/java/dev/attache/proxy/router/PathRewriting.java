package dev.attache.proxy.router;

import dev.attache.proxy.route.PathMatcher;
import dev.attache.proxy.route.RouteAction.PathRewrite;

/** Rewrites of a path without its query. Pure. */
final class PathRewriting {

    private PathRewriting() {}

    static String rewrite(PathRewrite rewrite, PathMatcher matched, String path) {
        return switch (rewrite) {
            case PathRewrite.Prefix(String replacement) -> {
                String prefix = matchedText(matched, path);
                yield replacement + path.substring(prefix.length());
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

    /** What a prefix rewrite replaces: the prefix, or the whole of an exact or regex match. */
    private static String matchedText(PathMatcher matched, String path) {
        int length =
                switch (matched) {
                    case PathMatcher.Prefix p -> p.prefix().length();
                    case PathMatcher.SeparatedPrefix p -> p.prefix().length();
                    case PathMatcher.Exact exact -> exact.path().length();
                    case PathMatcher.Pattern pattern -> path.length();
                    case PathMatcher.Template template -> path.length();
                    case PathMatcher.Connect connect -> 0;
                };
        return path.substring(0, Math.min(length, path.length()));
    }
}
