package dev.attache.agent.hook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Flags as pilot-agent reads them: {@code --name value} or {@code --name=value}, anywhere. */
final class HookFlags {

    /** Of the log, on every command; taken and without effect here, for little is logged. */
    private static final List<String> LOG_FLAGS =
            List.of(
                    "log_caller",
                    "log_output_level",
                    "log_stacktrace_level",
                    "log_target",
                    "vklog");

    private final Map<String, String> values;
    private final List<String> words = new ArrayList<>();
    private boolean help;

    private HookFlags(Map<String, String> defaults) {
        this.values = new HashMap<>(defaults);
    }

    static HookFlags parse(List<String> arguments, Map<String, String> defaults)
            throws HookException {
        HookFlags flags = new HookFlags(defaults);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                flags.words.addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            if (argument.equals("-h") || argument.equals("--help")) {
                flags.help = true;
            } else if (!argument.startsWith("-") || argument.equals("-")) {
                flags.words.add(argument);
            } else {
                i += flags.flag(argument, arguments, i, defaults);
            }
        }
        return flags;
    }

    /** How many arguments more it took. */
    private int flag(String argument, List<String> all, int at, Map<String, String> known)
            throws HookException {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        if (!name.startsWith("--")) {
            throw new HookException("unknown shorthand flag: '" + name.charAt(1) + "' in " + name);
        }
        String key = name.substring(2);
        if (key.equals("log_as_json")) {
            return 0;
        }
        if (!known.containsKey(key) && !LOG_FLAGS.contains(key)) {
            throw new HookException("unknown flag: " + name);
        }
        if (equals < 0 && at + 1 == all.size()) {
            throw new HookException("flag needs an argument: " + name);
        }
        String value = equals < 0 ? all.get(at + 1) : argument.substring(equals + 1);
        if (known.containsKey(key)) {
            check(name, value, known.getOrDefault(key, ""));
        }
        values.put(key, value);
        return equals < 0 ? 1 : 0;
    }

    private static void check(String name, String value, String usual) throws HookException {
        try {
            if (usual.chars().allMatch(Character::isDigit)) {
                Integer.parseInt(value);
            }
        } catch (NumberFormatException e) {
            throw new HookException(
                    "invalid argument \""
                            + value
                            + "\" for \""
                            + name
                            + "\" flag: strconv.ParseInt: parsing \""
                            + value
                            + "\": invalid syntax");
        }
    }

    boolean help() {
        return help;
    }

    List<String> words() {
        return words;
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }
}
