package dev.attache.iptables.capture;

import java.io.Serial;

/**
 * A setting that cannot be honoured. Names the setting, the value as given, why it is refused and
 * what to write instead; thrown before anything on the host was changed. Immutable.
 */
public final class BadInput extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** Exit code of a refused value, as of istio-iptables. */
    public static final int EXIT_FAILURE = 1;

    /** Exit code of a command line that does not parse: pilot-agent ends with -1. */
    public static final int EXIT_USAGE = 255;

    private final int exitCode;

    private BadInput(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** A value that parses as a flag but means nothing usable. */
    public static BadInput value(String setting, String value, String reason, String remedy) {
        return new BadInput(
                setting + " \"" + value + "\": " + reason + "; " + remedy, EXIT_FAILURE);
    }

    /** The host lacks something (rights, a program, a kernel feature). */
    public static BadInput host(String problem, String remedy) {
        return new BadInput(problem + "; " + remedy, EXIT_FAILURE);
    }

    /** A command line that does not parse. */
    public static BadInput usage(String message) {
        return new BadInput(message, EXIT_USAGE);
    }

    public int exitCode() {
        return exitCode;
    }

    /** The message; never null, unlike {@link #getMessage()} in general. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
