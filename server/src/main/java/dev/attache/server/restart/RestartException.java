package dev.attache.server.restart;

/** This process may not take over, or cannot be taken over from; the message says why. */
public final class RestartException extends Exception {
    private static final long serialVersionUID = 1L;

    RestartException(String message) {
        super(message);
    }

    RestartException(String message, Throwable cause) {
        super(message, cause);
    }
}
