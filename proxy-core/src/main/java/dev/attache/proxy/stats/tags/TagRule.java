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

    public static TagRule regex(String tag, String regex, String contains) {
        return new TagRule(tag, contains, Pattern.compile(regex), null);
    }

    public static TagRule fixed(String tag, String value) {
        return new TagRule(tag, "", null, value);
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
