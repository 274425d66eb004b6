package dev.attache.agent.environment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The variables of the agent's process, read as Istio's agent reads them ({@code pkg/env/var.go}):
 * one that is set but empty overrides the default; a number, truth or duration that cannot be
 * parsed gives the default and a warning. Immutable but for the warnings; any thread.
 */
public final class Environment {

    private final Map<String, String> variables;
    private final List<String> warnings = new ArrayList<>();

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** That of this process. */
    public static Environment ofProcess() {
        return new Environment(System.getenv());
    }

    /** Whether the variable is there, be it empty. */
    public boolean has(String name) {
        return variables.containsKey(name);
    }

    /** The text, {@code otherwise} only where the variable is not there at all. */
    public String text(String name, String otherwise) {
        return variables.getOrDefault(name, otherwise);
    }

    /** As Go's {@code strconv.ParseBool}. */
    public boolean truth(String name, boolean otherwise) {
        return parsed(name, otherwise, Environment::parseTruth, "a truth value");
    }

    public int number(String name, int otherwise) {
        return parsed(name, otherwise, Integer::parseInt, "a whole number");
    }

    public double decimal(String name, double otherwise) {
        return parsed(name, otherwise, Environment::parseDecimal, "a number");
    }

    /** As Go writes durations: {@code 1h30m}, {@code 100ms}. */
    public Duration duration(String name, Duration otherwise) {
        return parsed(name, otherwise, GoDuration::parse, "a duration");
    }

    /** All variables whose names begin with the prefix, by name, sorted; names in full. */
    public Map<String, String> startingWith(String prefix) {
        Map<String, String> found = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name, value);
            }
        });
        return found;
    }

    /** What could not be read so far, in words, each once. */
    public synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    private <T> T parsed(String name, T otherwise, Function<String, T> parser, String what) {
        String value = variables.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            warn(
                    "the variable "
                            + name
                            + " is no "
                            + what.substring(what.indexOf(' ') + 1)
                            + ": \""
                            + value
                            + "\"; "
                            + otherwise
                            + " is used");
            return otherwise;
        }
    }

    private synchronized void warn(String text) {
        if (!warnings.contains(text)) {
            warnings.add(text);
        }
    }

    /** Without the suffixes and blanks that Java takes and Go does not. */
    private static double parseDecimal(String value) {
        if (value.matches(".*[dDfF\\s]") || value.matches("\\s.*")) {
            throw new IllegalArgumentException(value);
        }
        return Double.parseDouble(value);
    }

    private static boolean parseTruth(String value) {
        return switch (value) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default -> throw new IllegalArgumentException(value);
        };
    }
}
