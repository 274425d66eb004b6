package dev.attache.proxy.route.match;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.matching.Regex;
import java.nio.charset.StandardCharsets;

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

    static boolean covers(PathMatcher earlier, PathMatcher later) {
        if (earlier instanceof PathMatcher.Connect || later instanceof PathMatcher.Connect) {
            return earlier.equals(later);
        }
        return isSame(earlier, later)
                || takesAll(earlier)
                || switch (later) {
                    case PathMatcher.Exact(String path, boolean sensitive) ->
                            heedsCase(earlier, path, sensitive) && matches(earlier, path);
                    case PathMatcher.Prefix(String prefix, boolean sensitive) ->
                            heedsCase(earlier, prefix, sensitive) && matchesAll(earlier, prefix);
                    case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                            heedsCase(earlier, prefix, sensitive)
                                    && isPrefix(earlier)
                                    && matches(earlier, prefix);
                    case PathMatcher.Pattern(Regex regex) ->
                            matchesAll(earlier, literalStart(regex.pattern()));
                    case PathMatcher.Template(UriTemplate template) ->
                            matchesAll(earlier, fixedStart(template.source()));
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

    /** Whether all is taken that begins with the text. */
    private static boolean matchesAll(PathMatcher earlier, String start) {
        return switch (earlier) {
            case PathMatcher.Prefix prefix -> matches(earlier, start);
            case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                    start.length() > prefix.length() && matches(earlier, start);
            case PathMatcher.Exact exact -> false;
            case PathMatcher.Pattern(Regex regex) ->
                    regex.pattern().equals("/.*") && start.startsWith("/");
            case PathMatcher.Template template -> false;
            case PathMatcher.Connect connect -> false;
        };
    }

    private static boolean isPrefix(PathMatcher matcher) {
        return matcher instanceof PathMatcher.Prefix
                || matcher instanceof PathMatcher.SeparatedPrefix;
    }

    private static boolean matches(PathMatcher matcher, String path) {
        if (matcher instanceof PathMatcher.Prefix(String prefix, boolean sensitive)
                && sensitive
                && !path.startsWith(prefix)) {
            return false; // most pairs of a large table
        }
        byte[] text = path.getBytes(StandardCharsets.ISO_8859_1);
        return CompiledPath.of(matcher).matches(NOWHERE, text, 0, text.length);
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

    private static String fixedStart(String template) {
        int end = 0;
        while (end < template.length() && "{*".indexOf(template.charAt(end)) < 0) {
            end++;
        }
        return template.substring(0, end);
    }
}
