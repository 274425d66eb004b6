package dev.attache.agent.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Flags as pilot-agent reads them: {@code --name value} or {@code --name=value}, truth values
 * without a value, anywhere between the words. One use each.
 */
final class Flags {

    /** What a flag takes. */
    enum Kind {
        TEXT,
        WHOLE,
        TRUTH
    }

    private final Map<String, Kind> known;
    private final Map<Character, String> letters;
    private final boolean ignoringUnknown;
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> words = new ArrayList<>();
    private boolean help;

    /**
     * @param known flags by name
     * @param letters names by their single letters
     * @param ignoringUnknown whether others, and what may be their value, are left out silently
     */
    Flags(Map<String, Kind> known, Map<Character, String> letters, boolean ignoringUnknown) {
        this.known = known;
        this.letters = letters;
        this.ignoringUnknown = ignoringUnknown;
    }

    Flags read(String... arguments) throws UsageException {
        int at = 0;
        while (at < arguments.length) {
            String argument = arguments[at];
            if (argument.equals("--")) {
                words.addAll(List.of(arguments).subList(at + 1, arguments.length));
                return this;
            }
            if (argument.equals("--help") || argument.equals("-h")) {
                help = true;
                at++;
            } else if (argument.length() < 2 || argument.charAt(0) != '-') {
                words.add(argument);
                at++;
            } else {
                at = flag(arguments, at);
            }
        }
        return this;
    }

    /** The place behind the flag and its value. */
    private int flag(String[] arguments, int at) throws UsageException {
        String argument = arguments[at];
        int sign = argument.indexOf('=');
        String shown = sign < 0 ? argument : argument.substring(0, sign);
        boolean full = shown.startsWith("--");
        String name = full ? shown.substring(2) : letters.getOrDefault(shown.charAt(1), "");
        Kind kind = known.get(name);
        boolean followed = at + 1 < arguments.length && !arguments[at + 1].startsWith("-");
        if (kind == null) {
            if (!ignoringUnknown) {
                throw new UsageException(
                        full
                                ? "unknown flag: " + shown
                                : "unknown shorthand flag: '"
                                        + shown.charAt(1)
                                        + "' in "
                                        + argument);
            }
            return at + (sign < 0 && followed ? 2 : 1);
        }
        if (sign >= 0) {
            put(name, kind, argument.substring(sign + 1));
            return at + 1;
        }
        if (kind == Kind.TRUTH) {
            put(name, kind, "true");
            return at + 1;
        }
        if (at + 1 == arguments.length) {
            throw new UsageException("flag needs an argument: " + shown);
        }
        put(name, kind, arguments[at + 1]);
        return at + 2;
    }

    private void put(String name, Kind kind, String value) throws UsageException {
        boolean fits =
                switch (kind) {
                    case TEXT -> true;
                    case WHOLE -> value.matches("[-+]?[0-9]{1,9}");
                    case TRUTH -> value.matches("1|t|T|true|TRUE|True|0|f|F|false|FALSE|False");
                };
        if (!fits) {
            String parser = kind == Kind.WHOLE ? "ParseInt" : "ParseBool";
            throw new UsageException(
                    ("invalid argument \"%s\" for \"--%s\" flag: strconv.%s: parsing \"%s\":"
                                    + " invalid syntax")
                            .formatted(value, name, parser, value));
        }
        values.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
    }

    boolean help() {
        return help;
    }

    List<String> words() {
        return List.copyOf(words);
    }

    /** The last value that was given. */
    String text(String name, String otherwise) {
        List<String> given = values.get(name);
        return given == null ? otherwise : given.getLast();
    }

    /** All values that were given. */
    List<String> texts(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    int whole(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    boolean truth(String name, boolean otherwise) {
        return text(name, Boolean.toString(otherwise)).matches("1|[tT].*");
    }
}
