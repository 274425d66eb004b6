package dev.attache.server.admin.stats;

import dev.attache.proxy.matching.Regex;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code filter} of a page about many names. Two forms of expression, which {@code attache top}
 * and dashboards use, are compared without the machine of regular expressions: {@code
 * ^cluster\..*\.(upstream_rq_total|upstream_rq_5xx)$} and {@code ^(one\.name|another)$}. All others
 * are searched for as they are. Immutable.
 */
public final class NameFilter {

    /** In front of the ends of the first form. */
    private static final String ANYTHING = ".*\\.(";

    /** Null where the names are said. */
    private final @Nullable Regex regex;

    private final String prefix;
    private final String @Nullable [] ends;
    private final @Nullable Set<String> names;

    private NameFilter(
            @Nullable Regex regex,
            String prefix,
            String @Nullable [] ends,
            @Nullable Set<String> names) {
        this.regex = regex;
        this.prefix = prefix;
        this.ends = ends;
        this.names = names;
    }

    /**
     * Compiles one.
     *
     * @throws IllegalArgumentException on an invalid regular expression
     */
    public static NameFilter of(String pattern) {
        Reader reader = new Reader(pattern);
        if (!reader.take("^")) {
            return new NameFilter(Regex.compile(pattern), "", null, null);
        }
        if (reader.take("(")) {
            Set<String> names = reader.choices();
            Regex regex = names == null ? Regex.compile(pattern) : null;
            return new NameFilter(regex, "", null, names);
        }
        Regex regex = Regex.compile(pattern);
        String start = reader.literal();
        boolean followed = reader.take(ANYTHING);
        Set<String> ends = followed ? reader.choices() : null;
        if (ends != null) {
            String[] dotted = ends.stream().map(end -> "." + end).toArray(String[]::new);
            return new NameFilter(regex, start, dotted, null);
        }
        return new NameFilter(regex, beginning(pattern), null, null);
    }

    /** Of an expression with choices the beginning may belong to the first of them alone. */
    private static String beginning(String pattern) {
        if (pattern.indexOf('|') >= 0) {
            return "";
        }
        Reader reader = new Reader(pattern);
        reader.take("^");
        String start = reader.literal();
        return reader.repeats() && !start.isEmpty()
                ? start.substring(0, start.length() - 1)
                : start;
    }

    /** What every name that is found begins with; mostly empty. */
    public String prefix() {
        return prefix;
    }

    /** The names that are found and no others, where the expression says them; else null. */
    @Nullable Set<String> names() {
        return names;
    }

    /** Whether the expression is found in a name. */
    public boolean find(String name) {
        if (names != null) {
            return names.contains(name);
        }
        if (ends == null) {
            return searched(name);
        }
        // A line's end is what a dot does not stand for.
        return ends(name) && (name.indexOf('\n') < 0 || searched(name));
    }

    private boolean searched(String name) {
        return regex != null && regex.find(name);
    }

    private boolean ends(String name) {
        if (ends != null && name.startsWith(prefix)) {
            for (String end : ends) {
                if (name.endsWith(end) && name.length() >= prefix.length() + end.length()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Reads what stands for itself in an expression. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        boolean take(String wanted) {
            boolean there = text.startsWith(wanted, at);
            at += there ? wanted.length() : 0;
            return there;
        }

        /** As much as there is. */
        String literal() {
            StringBuilder read = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at);
                if (isWord(c) || ":/@=, -".indexOf(c) >= 0) {
                    read.append(c);
                    at++;
                } else if (c == '\\' && at + 1 < text.length() && isSign(text.charAt(at + 1))) {
                    read.append(text.charAt(at + 1));
                    at += 2;
                } else {
                    break;
                }
            }
            return read.toString();
        }

        /** What stands for itself, between bars, up to the end; null where anything else is. */
        @Nullable Set<String> choices() {
            Set<String> read = new HashSet<>();
            do {
                read.add(literal());
            } while (take("|"));
            return take(")$") && at == text.length() ? read : null;
        }

        boolean repeats() {
            return at < text.length() && "?*+{".indexOf(text.charAt(at)) >= 0;
        }

        private static boolean isWord(char c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
        }

        private static boolean isSign(char c) {
            return c > ' ' && c < 0x7f && !isWord(c);
        }
    }
}
