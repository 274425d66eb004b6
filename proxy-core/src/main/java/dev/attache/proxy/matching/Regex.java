package dev.attache.proxy.matching;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An RE2 regular expression: time linear in the input whatever the pattern. Envoy's reads octets,
 * not UTF-8: in a pattern for octets a character beyond ASCII is its UTF-8 bytes, one after
 * another, and {@code .} is one byte. Immutable, any thread.
 */
public final class Regex {

    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @throws IllegalArgumentException with RE2's own words when the pattern does not compile
     */
    public static Regex compile(String pattern) {
        Repetitions.check(pattern);
        try {
            return new Regex(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    e.getDescription().replace("missing closing )", "missing )")
                            + ": "
                            + e.getPattern(),
                    e);
        }
    }

    /**
     * A pattern that a peer has a say in: what its program takes in memory, and its matches in
     * time, is bounded by its characters times what they are repeated.
     *
     * @param mostSteps of that product
     * @throws IllegalArgumentException as {@link #compile(String)}, and where it is more
     */
    public static Regex compile(String pattern, int mostSteps) {
        if ((long) pattern.length() * Repetitions.most(pattern) > mostSteps) {
            throw new IllegalArgumentException("the pattern is too large");
        }
        return compile(pattern);
    }

    /** The whole of {@code text} matches, as everywhere in Envoy's configuration. */
    public boolean matches(String text) {
        return pattern.matcher(text).matches();
    }

    public boolean find(String text) {
        return pattern.matcher(text).find();
    }

    /**
     * Replaces every match, but none that is empty right after another. {@code substitution} is
     * RE2's: {@code \1} to {@code \9} are groups, {@code \0} the match, {@code \\} a backslash. One
     * that names a group the pattern does not have replaces nothing.
     */
    public String replaceAll(String text, String substitution) {
        if (highestGroup(substitution) > groups()) {
            return text;
        }
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder(text.length() + 16);
        int copied = 0;
        boolean found = false;
        while (matcher.find()) {
            if (found && matcher.end() == copied) {
                continue;
            }
            found = true;
            out.append(text, copied, matcher.start());
            appendSubstitution(out, matcher, substitution);
            copied = matcher.end();
        }
        return found ? out.append(text, copied, text.length()).toString() : text;
    }

    private static int highestGroup(String substitution) {
        int highest = 0;
        for (int i = 0; i + 1 < substitution.length(); i++) {
            if (substitution.charAt(i) == '\\') {
                char next = substitution.charAt(++i);
                highest = next >= '0' && next <= '9' ? Math.max(highest, next - '0') : highest;
            }
        }
        return highest;
    }

    private static void appendSubstitution(StringBuilder out, Matcher match, String substitution) {
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            if (c != '\\' || i + 1 == substitution.length()) {
                out.append(c);
                continue;
            }
            char next = substitution.charAt(++i);
            if (next >= '0' && next <= '9') {
                String value = match.group(next - '0');
                if (value != null) {
                    out.append(value);
                }
            } else {
                out.append(next);
            }
        }
    }

    /**
     * {@code substitution} filled from the first match, as {@link #replaceAll} fills it; null where
     * nothing matches, a group is named that the pattern does not have, or a backslash stands
     * before anything but a digit or another.
     */
    public @Nullable String extract(String text, String substitution) {
        Matcher matcher = pattern.matcher(text);
        if (!isWhole(substitution) || highestGroup(substitution) > groups() || !matcher.find()) {
            return null;
        }
        StringBuilder out = new StringBuilder();
        appendSubstitution(out, matcher, substitution);
        return out.toString();
    }

    private static boolean isWhole(String substitution) {
        for (int i = 0; i < substitution.length(); i++) {
            if (substitution.charAt(i) == '\\') {
                i++;
                char next = i < substitution.length() ? substitution.charAt(i) : ' ';
                if (next != '\\' && (next < '0' || next > '9')) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The groups of a match of the whole of {@code text}, each null that took no part; or null. */
    public @Nullable String @Nullable [] capture(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        @Nullable String[] groups = new @Nullable String[groups()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = matcher.group(i + 1);
        }
        return groups;
    }

    /** The names of the groups, empty of one that has none. */
    public String[] groupNames() {
        String[] names = new String[groups()];
        Arrays.fill(names, "");
        pattern.namedGroups().forEach((name, group) -> names[group - 1] = name);
        return names;
    }

    /** Number of capturing groups. */
    public int groups() {
        return pattern.groupCount();
    }

    public String pattern() {
        return pattern.pattern();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex regex && regex.pattern().equals(pattern());
    }

    @Override
    public int hashCode() {
        return pattern().hashCode();
    }

    @Override
    public String toString() {
        return pattern();
    }
}
