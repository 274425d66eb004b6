package dev.attache.iptables.capture;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses a command line as istio-iptables' flag library does: {@code --name value}, {@code
 * --name=value}, {@code -p15001}, {@code -p=15001}, joined short switches, {@code --} to end;
 * positional arguments are ignored. Environment variables come first; one that does not parse is
 * ignored, as in the original. Stateless.
 */
public final class FlagParser {
    private final FlagValues values = new FlagValues();

    private FlagParser() {}

    /**
     * Reads environment, then arguments.
     *
     * @throws BadInput if an argument does not parse (exit code 255)
     */
    public static FlagValues parse(List<String> args, Map<String, String> environment)
            throws BadInput {
        FlagParser parser = new FlagParser();
        parser.readEnvironment(environment);
        parser.readArguments(args);
        return parser.values;
    }

    private void readEnvironment(Map<String, String> environment) {
        for (Flag flag : Flag.values()) {
            for (String variable : flag.variables) {
                String value = environment.get(variable);
                if (value != null && problem(flag, value) == null) {
                    values.set(flag, value, variable);
                }
            }
        }
    }

    private void readArguments(List<String> args) throws BadInput {
        int at = 0;
        while (at < args.size()) {
            String arg = args.get(at);
            if (arg.equals("--")) {
                return;
            }
            if (arg.startsWith("--")) {
                at += readLong(args, at);
            } else if (arg.startsWith("-") && arg.length() > 1) {
                at += readShort(args, at);
            } else {
                at++;
            }
        }
    }

    private int readLong(List<String> args, int at) throws BadInput {
        String body = args.get(at).substring(2);
        int equals = body.indexOf('=');
        String name = equals < 0 ? body : body.substring(0, equals);
        if (name.equals("help")) {
            values.askHelp();
            return 1;
        }
        Flag flag = byName(name);
        if (flag == null) {
            throw BadInput.usage(
                    "unknown flag: --" + name + "; see --help for the flags there are");
        }
        if (equals >= 0) {
            store(flag, body.substring(equals + 1), flag.dashed());
            return 1;
        }
        if (flag.type == Flag.Type.BOOL) {
            store(flag, "true", flag.dashed());
            return 1;
        }
        if (at + 1 >= args.size()) {
            throw BadInput.usage("flag needs an argument: --" + name);
        }
        store(flag, args.get(at + 1), flag.dashed());
        return 2;
    }

    private int readShort(List<String> args, int at) throws BadInput {
        String arg = args.get(at);
        for (int i = 1; i < arg.length(); i++) {
            char letter = arg.charAt(i);
            if (letter == 'h') {
                values.askHelp();
                return 1;
            }
            Flag flag = byLetter(letter);
            if (flag == null) {
                throw BadInput.usage(
                        "unknown shorthand flag: '" + letter + "' in " + arg + "; see --help");
            }
            String rest = arg.substring(i + 1);
            if (rest.startsWith("=") && rest.length() > 1) {
                store(flag, rest.substring(1), "-" + letter);
                return 1;
            }
            if (flag.type == Flag.Type.BOOL) {
                store(flag, "true", "-" + letter);
                continue;
            }
            if (!rest.isEmpty()) {
                store(flag, rest, "-" + letter);
                return 1;
            }
            if (at + 1 >= args.size()) {
                throw BadInput.usage("flag needs an argument: '" + letter + "' in " + arg);
            }
            store(flag, args.get(at + 1), "-" + letter);
            return 2;
        }
        return 1;
    }

    private void store(Flag flag, String value, String origin) throws BadInput {
        String problem = problem(flag, value);
        if (problem != null) {
            throw BadInput.usage(
                    "invalid argument \""
                            + value
                            + "\" for \""
                            + quoted(flag)
                            + "\" flag: "
                            + problem
                            + "; "
                            + remedy(flag));
        }
        values.set(flag, value, origin);
    }

    private static String quoted(Flag flag) {
        return flag.shortName == ' ' ? flag.dashed() : "-" + flag.shortName + ", " + flag.dashed();
    }

    private static String remedy(Flag flag) {
        return switch (flag.type) {
            case TEXT -> "give another value";
            case BOOL -> "give true or false";
            case UINT16 -> "give a number from 0 to 65535";
            case DURATION -> "give a duration such as 5s or 500ms";
        };
    }

    private static @Nullable String problem(Flag flag, String value) {
        try {
            switch (flag.type) {
                case TEXT -> {}
                case BOOL -> GoValues.parseBool(value);
                case UINT16 -> GoValues.parseUint16(value);
                case DURATION -> GoValues.parseDuration(value);
            }
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static @Nullable Flag byName(String name) {
        for (Flag flag : Flag.values()) {
            if (flag.longName.equals(name)) {
                return flag;
            }
        }
        return null;
    }

    private static @Nullable Flag byLetter(char letter) {
        for (Flag flag : Flag.values()) {
            if (flag.shortName == letter && letter != ' ') {
                return flag;
            }
        }
        return null;
    }
}
