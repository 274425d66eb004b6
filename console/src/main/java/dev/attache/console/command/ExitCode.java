package dev.attache.console.command;

/** What the commands exit with; scripts rely on the numbers. */
public final class ExitCode {

    /** Asked and answered. */
    public static final int DONE = 0;

    /** Answered, and what was asked about is not well; each command says what that is. */
    public static final int NOT_WELL = 1;

    /** The command line cannot be read. */
    public static final int USAGE = 2;

    /** No proxy answers, or not in time. */
    public static final int NO_ANSWER = 3;

    /** The proxy answers and refuses: no such page, no right to it, a server error. */
    public static final int REFUSED = 4;

    /** A fault of the command's own. */
    public static final int FAULT = 70;

    /** The table for the end of each help text. */
    static final String HELP =
            """
            Exit codes:
              0  asked and answered
              1  answered, and something is not well (see above)
              2  the command line cannot be read
              3  no proxy answers, or not in time
              4  the proxy refuses: no such page, no right to it
            """;

    private ExitCode() {}
}
