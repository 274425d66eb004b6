package dev.attache.agent.command;

/** A command line that cannot be read; the message is pilot-agent's. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
