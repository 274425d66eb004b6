package dev.attache.xds.client;

/** A config source that cannot be used; the message names what and why. */
public final class ConfigSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigSourceException(String message) {
        super(message);
    }

    public ConfigSourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
