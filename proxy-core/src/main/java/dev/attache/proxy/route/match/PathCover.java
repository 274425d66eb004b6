package dev.attache.proxy.route.match;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.matching.Regex;

/**
 * Whether one path matcher takes all paths that another one does. What the other one takes is known
 * by a text with which all of that begins, or which is all of it; the first one, as it serves
 * requests, is asked about that text. Pure.
 */
final class PathCover {

    /** What may stand in an expression for itself. */
    private static final String LITERAL = "/-_~,:;=@%&!#'\"<> ";

    private static final Headers NOWHERE = new Headers(MessagePart.REQUEST);

    private PathCover() {}

    static boolean covers(ComparedPath first, ComparedPath second) {
        PathMatcher earlier = first.matcher();
        PathMatcher later = second.matcher();
        if (earlier instanceof PathMatcher.Connect || later instanceof PathMatcher.Connect) {
            return earlier.equals(later);
        }
        return isSame(earlier, later)
                || takesAll(earlier)
                || switch (later) {
                    case PathMatcher.Exact(String path, boolean sensitive) ->
                            heedsCase(earlier, path, sensitive) && matches(first, second);
                    case PathMatcher.Prefix(String prefix, boolean sensitive) ->
                            heedsCase(earlier, prefix, sensitive) && matchesAll(first, second);
                    case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                            heedsCase(earlier, prefix, sensitive)
                                    && isPrefix(earlier)
                                    && matches(first, second);
                    case PathMatcher.Pattern pattern -> matchesAll(first, second);
                    case PathMatcher.Template template -> matchesAll(first, second);
                    case PathMatcher.Connect connect -> false;
                };
    }

    private static boolean isSame(PathMatcher earlier, PathMatcher later) {
        if (earlier instanceof PathMatcher.Pattern(Regex one)
                && later instanceof PathMatcher.Pattern(Regex other)) {
            return one.pattern().equals(other.pattern());
        }
        if (earlier instanceof PathMatcher.Template(UriTemplate one)
                && later instanceof PathMatcher.Template(UriTemplate other)) {
            return one.source().equals(other.source());
        }
        return earlier.equals(later);
    }

    /** Whether it takes each path that there can be, be it no path of a file, as an asterisk. */
    private static boolean takesAll(PathMatcher matcher) {
        return switch (matcher) {
            case PathMatcher.Prefix(String prefix, boolean sensitive) -> prefix.isEmpty();
            case PathMatcher.Pattern(Regex regex) -> regex.pattern().equals(".*");
            case PathMatcher.Exact exact -> false;
            case PathMatcher.SeparatedPrefix separated -> false;
            case PathMatcher.Template template -> false;
            case PathMatcher.Connect connect -> false;
        };
    }

    /** One that tells capital letters from small ones knows one spelling of what another takes. */
    private static boolean heedsCase(PathMatcher earlier, String text, boolean sensitive) {
        return sensitive || !tellsCase(earlier) || text.chars().noneMatch(Character::isLetter);
    }

    private static boolean tellsCase(PathMatcher matcher) {
        return switch (matcher) {
            case PathMatcher.Prefix(String prefix, boolean sensitive) ->
                    sensitive && prefix.chars().anyMatch(Character::isLetter);
            case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                    sensitive && prefix.chars().anyMatch(Character::isLetter);
            case PathMatcher.Exact exact -> exact.caseSensitive();
            case PathMatcher.Pattern pattern -> true;
            case PathMatcher.Template template -> true;
            case PathMatcher.Connect connect -> true;
        };
    }

    /** Whether all is taken that begins with what is known of the later one. */
    private static boolean matchesAll(ComparedPath earlier, ComparedPath later) {
        return switch (earlier.matcher()) {
            case PathMatcher.Prefix prefix -> matches(earlier, later);
            case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                    later.known().length() > prefix.length() && matches(earlier, later);
            case PathMatcher.Exact exact -> false;
            case PathMatcher.Pattern(Regex regex) ->
                    regex.pattern().equals("/.*") && later.known().startsWith("/");
            case PathMatcher.Template template -> false;
            case PathMatcher.Connect connect -> false;
        };
    }

    private static boolean isPrefix(PathMatcher matcher) {
        return matcher instanceof PathMatcher.Prefix
                || matcher instanceof PathMatcher.SeparatedPrefix;
    }

    private static boolean matches(ComparedPath earlier, ComparedPath later) {
        return earlier.compiled().matches(NOWHERE, later.bytes(), 0, later.bytes().length);
    }

    /** With which text each match of an expression begins; empty where that is not known. */
    static String literalStart(String pattern) {
        if (pattern.indexOf('|') >= 0) {
            return "";
        }
        StringBuilder start = new StringBuilder();
        for (int i = pattern.startsWith("^") ? 1 : 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if ("?*{".indexOf(c) >= 0 && !start.isEmpty()) {
                start.setLength(start.length() - 1);
            }
            if (!Character.isLetterOrDigit(c) && LITERAL.indexOf(c) < 0) {
                break;
            }
            start.append(c);
        }
        return start.toString();
    }

    /** With which text all begins that a template takes. */
    static String fixedStart(String template) {
        int end = 0;
        while (end < template.length() && "{*".indexOf(template.charAt(end)) < 0) {
            end++;
        }
        return template.substring(0, end);
    }
}
