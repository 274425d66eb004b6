package dev.attache.image;

/** jib could not build or push the image; the message says why. */
final class JibFailure extends Exception {
    private static final long serialVersionUID = 1;

    JibFailure(String message, Exception cause) {
        super(message, cause);
    }
}
