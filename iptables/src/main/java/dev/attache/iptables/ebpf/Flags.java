package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Cidr;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The flags as given: the command line before the environment before the default. Immutable. */
final class Flags {
    private final Map<Flag, String> given;
    private final List<String> words;
    private final Map<String, String> environment;

    private Flags(Map<Flag, String> given, List<String> words, Map<String, String> environment) {
        this.given = given;
        this.words = List.copyOf(words);
        this.environment = Map.copyOf(environment);
    }

    /**
     * Reads a command line.
     *
     * @throws EbpfException if a flag is unknown, or lacks its value
     */
    static Flags parse(List<String> arguments, Map<String, String> environment)
            throws EbpfException {
        Map<Flag, String> given = new EnumMap<>(Flag.class);
        List<String> words = new ArrayList<>();
        for (int at = 0; at < arguments.size(); at++) {
            String argument = arguments.get(at);
            if (!argument.startsWith("-")) {
                words.add(argument);
                continue;
            }
            String[] parts = argument.split("=", 2);
            Flag flag = find(parts[0]);
            if (parts.length == 2) {
                given.put(flag, parts[1]);
            } else if (flag.isSwitch()) {
                given.put(flag, "true");
            } else if (++at < arguments.size()) {
                given.put(flag, arguments.get(at));
            } else {
                throw EbpfException.usage(flag.spelling() + ": a value is missing");
            }
        }
        return new Flags(given, words, environment);
    }

    private static Flag find(String argument) throws EbpfException {
        for (Flag flag : Flag.values()) {
            if (flag.matches(argument)) {
                return flag;
            }
        }
        throw EbpfException.usage(
                argument + ": no such flag of the eBPF mode; --help lists those there are");
    }

    /** Returns the arguments that are no flags. */
    List<String> words() {
        return words;
    }

    String text(Flag flag) {
        String value = given.get(flag);
        if (value == null) {
            value = environment.get(flag.variable());
        }
        return value == null ? flag.otherwise() : value;
    }

    /** Returns the value of an environment variable that has no flag. */
    String variable(String name, String otherwise) {
        return environment.getOrDefault(name, otherwise);
    }

    boolean on(Flag flag) throws EbpfException {
        String value = text(flag);
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0", "" -> false;
            default -> throw EbpfException.badFlag(flag.spelling(), value, "is no switch", "true");
        };
    }

    int port(Flag flag) throws EbpfException {
        return port(flag, text(flag));
    }

    private static int port(Flag flag, String value) throws EbpfException {
        return number(flag, value, 1, 65535, "a port is a number from 1 to 65535");
    }

    List<Integer> ports(Flag flag) throws EbpfException {
        List<Integer> ports = new ArrayList<>();
        for (String each : list(flag)) {
            ports.add(port(flag, each));
        }
        return ports;
    }

    List<Integer> ids(Flag flag, String value) throws EbpfException {
        List<Integer> ids = new ArrayList<>();
        for (String each : split(value)) {
            ids.add(number(flag, each, 0, Integer.MAX_VALUE, "a user or group is a number here"));
        }
        return ids;
    }

    /** Reads a number that may be written as 0x539. */
    int mark(Flag flag) throws EbpfException {
        String value = text(flag);
        try {
            return (int) Long.decode(value).longValue();
        } catch (NumberFormatException e) {
            throw EbpfException.badFlag(flag.spelling(), value, "is no number", "write 0x539");
        }
    }

    private static int number(Flag flag, String value, int least, int most, String rule)
            throws EbpfException {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw bad(flag, value, rule, e);
        }
        throw bad(flag, value, rule, null);
    }

    private static EbpfException bad(
            Flag flag, String value, String rule, @Nullable NumberFormatException cause) {
        EbpfException e =
                EbpfException.badFlag(flag.spelling(), value, rule, "correct it and run again");
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    List<Cidr> blocks(Flag flag) throws EbpfException {
        List<Cidr> blocks = new ArrayList<>();
        for (String each : list(flag)) {
            try {
                blocks.add(Cidr.parse(each));
            } catch (IllegalArgumentException e) {
                String remedy = "correct it and run again";
                String problem = Objects.requireNonNullElse(e.getMessage(), "is no address block");
                throw EbpfException.badFlag(flag.spelling(), text(flag), problem, remedy);
            }
        }
        return blocks;
    }

    List<String> list(Flag flag) {
        return split(text(flag));
    }

    private static List<String> split(String value) {
        return value.isBlank()
                ? List.of()
                : List.of(value.split(",")).stream().map(String::strip).toList();
    }

    /** Returns the value of every flag that says how to intercept, where it is not the default. */
    Map<String, String> policy() {
        Map<String, String> policy = new LinkedHashMap<>();
        for (Flag flag : Flag.values()) {
            if (flag.isPolicy() && !text(flag).equals(flag.otherwise())) {
                policy.put(flag.spelling(), text(flag));
            }
        }
        return policy;
    }

    /** Returns those environment variables that say how to intercept and have no flag. */
    Map<String, String> policyVariables() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : PolicyReader.VARIABLES) {
            String value = environment.get(name);
            if (value != null) {
                found.put(name, value);
            }
        }
        return found;
    }

    /**
     * Returns flags as an attachment remembers them.
     *
     * @throws EbpfException if one is unknown, because another version remembered it
     */
    static Flags remembered(About about) throws EbpfException {
        List<String> arguments = new ArrayList<>();
        about.startingWith("flag.").forEach((flag, value) -> arguments.add(flag + "=" + value));
        return parse(arguments, about.startingWith("variable."));
    }
}
