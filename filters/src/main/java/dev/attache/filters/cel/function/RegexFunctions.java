package dev.attache.filters.cel.function;

import dev.attache.filters.cel.value.Fault;
import dev.attache.filters.cel.value.LiteralMap;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import org.jspecify.annotations.Nullable;

/** Regular expressions of RE2, over characters. A pattern that is none is a fault. */
public final class RegexFunctions {
    /** Of a pattern that only an evaluation knows, which a request may bring. */
    private static final int MOST_STEPS = 2_000;

    private RegexFunctions() {}

    static @Nullable Function find(String name, int arguments) {
        return switch (name) {
            case "re.extract" -> arguments == 3 ? (Function.Several) RegexFunctions::extract : null;
            case "re.capture" -> arguments == 2 ? (Function.Binary) RegexFunctions::capture : null;
            case "re.captureN" ->
                    arguments == 2 ? (Function.Binary) RegexFunctions::captureAll : null;
            default -> null;
        };
    }

    /**
     * A pattern that stands in an expression, for {@code matches} of text.
     *
     * @throws IllegalArgumentException in RE2's words
     */
    public static Function.Unary matches(String pattern) {
        Regex regex = Regex.compile(Octets.text(pattern));
        return value ->
                value instanceof String text ? (Object) regex.find(Octets.text(text)) : Fault.FAULT;
    }

    /**
     * A pattern that stands in an expression, to be handed to {@code re.*} in the text's place.
     *
     * @throws IllegalArgumentException in RE2's words
     */
    public static Object known(String pattern) {
        return Regex.compile(Octets.text(pattern));
    }

    /** {@code matches} with a pattern that only the evaluation knows. */
    public static Object matches(Object value, Object pattern) {
        Regex regex = regex(pattern);
        return regex != null && value instanceof String text
                ? (Object) regex.find(Octets.text(text))
                : Fault.FAULT;
    }

    private static @Nullable Regex regex(Object pattern) {
        return switch (pattern) {
            case Regex known -> known;
            case String text -> compile(text);
            default -> null;
        };
    }

    private static @Nullable Regex compile(String pattern) {
        try {
            return Regex.compile(Octets.text(pattern), MOST_STEPS);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Object extract(Object[] arguments) {
        if (!(arguments[0] instanceof String text && arguments[2] instanceof String rewrite)) {
            return Fault.FAULT;
        }
        Regex regex = regex(arguments[1]);
        long most = rewrite.chars().filter(c -> c == '\\').count() * text.length();
        String found =
                regex == null || most > StringFunctions.LONGEST
                        ? null
                        : regex.extract(Octets.text(text), Octets.text(rewrite));
        return found == null ? Fault.FAULT : Octets.of(found);
    }

    private static Object capture(Object value, Object pattern) {
        Regex regex = regex(pattern);
        @Nullable String @Nullable [] groups = groups(value, regex);
        return groups == null || groups.length == 0 ? Fault.FAULT : octets(groups[0]);
    }

    private static @Nullable String @Nullable [] groups(Object value, @Nullable Regex regex) {
        return regex != null && value instanceof String text
                ? regex.capture(Octets.text(text))
                : null;
    }

    private static String octets(@Nullable String group) {
        return group == null ? "" : Octets.of(group);
    }

    /** A map of all groups by name, or by number as text. */
    private static Object captureAll(Object value, Object pattern) {
        Regex regex = regex(pattern);
        @Nullable String @Nullable [] groups = groups(value, regex);
        if (regex == null || groups == null || groups.length == 0) {
            return Fault.FAULT;
        }
        String[] names = regex.groupNames();
        LiteralMap map = new LiteralMap();
        for (int i = 0; i < groups.length; i++) {
            String name = names[i].isEmpty() ? Integer.toString(i + 1) : Octets.of(names[i]);
            map.add(name, octets(groups[i]));
        }
        return map;
    }
}
