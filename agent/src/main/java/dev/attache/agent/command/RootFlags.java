package dev.attache.agent.command;

import java.util.Arrays;

/** Flags that stand before the name of a command. */
public final class RootFlags {

    private RootFlags() {}

    /**
     * The command first, then what stood before it, then the rest, as pilot-agent takes them; a
     * line without a command becomes one that asks for help, whatever flags it has.
     */
    public static String[] behindCommand(String... arguments) {
        int at = 0;
        while (at < arguments.length && arguments[at].startsWith("-")) {
            if (arguments[at].equals("-h") || arguments[at].equals("--help")) {
                return new String[] {"--help"};
            }
            at += takesNext(arguments[at]) ? 2 : 1;
        }
        if (at >= arguments.length) {
            return new String[0];
        }
        String[] all = arguments.clone();
        System.arraycopy(arguments, 0, all, 1, at);
        all[0] = arguments[at];
        return all;
    }

    private static boolean takesNext(String flag) {
        return flag.indexOf('=') < 0
                && LogFlags.known().entrySet().stream()
                        .filter(known -> known.getValue() != Flags.Kind.TRUTH)
                        .anyMatch(known -> Arrays.asList("--" + known.getKey()).contains(flag));
    }
}
