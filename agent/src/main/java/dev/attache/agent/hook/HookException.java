package dev.attache.agent.hook;

/** A command that cannot be done; the message is what the user reads. */
final class HookException extends Exception {
    private static final long serialVersionUID = 1L;

    HookException(String message) {
        super(message, null, false, false);
    }
}
