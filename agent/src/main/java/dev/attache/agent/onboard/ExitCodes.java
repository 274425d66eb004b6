package dev.attache.agent.onboard;

/** Exit codes of both commands, beside those of the checks (10 to 19). */
final class ExitCodes {
    static final int DONE = 0;
    static final int USAGE = 2;
    static final int RIGHTS = 3;

    /** A folder that was given lacks what it has to have, or has what cannot be read. */
    static final int INPUT = 4;

    /** Files of the machine could not be written or removed. */
    static final int FILES = 20;

    static final int INTERCEPTION = 21;
    static final int UNIT = 22;

    /** The agent was started and did not become ready, or was asked to end and did not. */
    static final int AGENT = 23;

    private ExitCodes() {}
}
