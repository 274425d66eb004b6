package dev.attache.proxy.stats.tags;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one tag is found in a stat's name: group 1 is removed from the name, group 2 (or else 1) is
 * the value; or a fixed value for every stat. The regular expressions are the JDK's, because
 * Envoy's default and Istio's own use look-ahead, which RE2 has not; names are bounded and ours.
 *
 * @param contains text without which the name cannot match; empty = none
 * @param pattern null = fixed value
 */
public record TagRule(
        String tag, String contains, @Nullable Pattern pattern, @Nullable String fixedValue) {

    private static final Pattern PREFIX =
            Pattern.compile("\\^[A-Za-z0-9_]+(?:\\\\\\.|\\(\\?=\\\\\\.\\)|\\$$)");

    /**
     * @throws java.util.regex.PatternSyntaxException on an invalid {@code regex}
     */
    public static TagRule regex(String tag, String regex, String contains) {
        return new TagRule(tag, contains, Pattern.compile(fromEcmaScript(regex)), null);
    }

    /** ECMAScript with POSIX classes in brackets, as std::regex has it, in the JDK's syntax. */
    public static String fromEcmaScript(String regex) {
        return regex.replace("[:digit:]", "\\d")
                .replace("[:alnum:]", "\\p{Alnum}")
                .replace("[:alpha:]", "\\p{Alpha}")
                .replace("[:lower:]", "\\p{Lower}")
                .replace("[:upper:]", "\\p{Upper}")
                .replace("[:space:]", "\\s")
                .replace("[:xdigit:]", "\\p{XDigit}")
                .replace("[:punct:]", "\\p{Punct}");
    }

    public static TagRule fixed(String tag, String value) {
        return new TagRule(tag, "", null, value);
    }

    /** Envoy's: a regular expression that begins with a whole word and a dot. */
    boolean hasPrefix() {
        return pattern != null && PREFIX.matcher(pattern.pattern()).lookingAt();
    }

    @Nullable Matcher find(String name) {
        if (pattern == null || (!contains.isEmpty() && !name.contains(contains))) {
            return null;
        }
        Matcher matcher = pattern.matcher(name);
        return matcher.find() && matcher.groupCount() >= 1 && matcher.group(1) != null
                ? matcher
                : null;
    }
}
