package dev.attache.console.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command line that was read: flags with their values, and the words between them. Immutable. */
public final class Flags {

    private final Map<String, List<String>> given;
    private final List<String> words;

    private Flags(Map<String, List<String>> given, List<String> words) {
        this.given = given;
        this.words = words;
    }

    /**
     * Reads {@code --name value}, {@code --name=value} and the short forms; what follows {@code --}
     * is words.
     */
    public static Flags parse(List<String> arguments, List<FlagSpec> known) throws UsageException {
        Map<String, List<String>> given = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                words.addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            if (!argument.startsWith("-") || argument.equals("-")) {
                words.add(argument);
                continue;
            }
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            FlagSpec flag = find(name, known);
            String value = "";
            if (equals >= 0) {
                value = valueBehind(flag, argument.substring(equals + 1));
            } else if (!flag.isSwitch()) {
                i++;
                if (i == arguments.size()) {
                    throw new UsageException(name + " needs a value: " + flag.value());
                }
                value = arguments.get(i);
            }
            given.computeIfAbsent(flag.name(), n -> new ArrayList<>()).add(value);
        }
        return new Flags(given, words);
    }

    private static FlagSpec find(String name, List<FlagSpec> known) throws UsageException {
        for (FlagSpec flag : known) {
            if (name.equals("--" + flag.name())
                    || (flag.letter() != '\0' && name.equals("-" + flag.letter()))) {
                return flag;
            }
        }
        throw new UsageException("there is no flag " + name);
    }

    private static String valueBehind(FlagSpec flag, String value) throws UsageException {
        if (flag.isSwitch()) {
            throw new UsageException("--" + flag.name() + " takes no value");
        }
        return value;
    }

    public boolean has(String name) {
        return given.containsKey(name);
    }

    /** The last one given, or null. */
    public @Nullable String get(String name) {
        List<String> values = given.get(name);
        return values == null ? null : values.getLast();
    }

    /** All that were given, in order. */
    public List<String> all(String name) {
        return given.getOrDefault(name, List.of());
    }

    /** What is no flag. */
    public List<String> words() {
        return words;
    }

    /** The last one given, which has to be one of the choices; the first choice without one. */
    public String choice(String name, String... choices) throws UsageException {
        String value = get(name);
        if (value == null) {
            return choices[0];
        }
        for (String choice : choices) {
            if (choice.equals(value)) {
                return choice;
            }
        }
        throw new UsageException(
                "--"
                        + name
                        + " is "
                        + String.join(", ", choices[0].isEmpty() ? tail(choices) : choices)
                        + "; not \""
                        + value
                        + "\"");
    }

    private static String[] tail(String... choices) {
        return java.util.Arrays.copyOfRange(choices, 1, choices.length);
    }

    /** A whole number within bounds. */
    public int number(String name, int otherwise, int least, int most) throws UsageException {
        String value = get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " is a number, not \"" + value + "\"", e);
        }
        throw new UsageException(
                "--" + name + " is between " + least + " and " + most + ", not " + value);
    }

    /** A time of seconds, with a fraction where that is wanted, above zero. */
    public Duration seconds(String name, Duration otherwise) throws UsageException {
        String value = get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            double seconds = Double.parseDouble(value.endsWith("s") ? chopped(value) : value);
            if (seconds >= 0.05 && seconds <= 86_400) {
                return Duration.ofMillis(Math.round(seconds * 1000));
            }
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "--" + name + " is a number of seconds, not \"" + value + "\"", e);
        }
        throw new UsageException(
                "--" + name + " is between 0.05 and 86400 seconds, not \"" + value + "\"");
    }

    private static String chopped(String value) {
        return value.substring(0, value.length() - 1);
    }
}
