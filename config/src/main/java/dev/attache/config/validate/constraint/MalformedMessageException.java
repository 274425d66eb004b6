package dev.attache.config.validate.constraint;

/** Bytes that are no message of the type that they are read as; what is wrong is the message. */
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String problem) {
        super(problem, null, false, false);
    }
}
