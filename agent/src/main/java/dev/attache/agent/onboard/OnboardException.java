package dev.attache.agent.onboard;

/** Onboarding or leaving cannot go on, with the exit code and what to do. */
final class OnboardException extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    OnboardException(int exitCode, String what) {
        super(what);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    static OnboardException usage(String what) {
        return new OnboardException(ExitCodes.USAGE, what);
    }
}
