package dev.attache.filters.cel;

/** Something is no expression, or none that can be evaluated; says why. */
public final class CelException extends Exception {
    private static final long serialVersionUID = 1;

    CelException(String reason) {
        super(reason);
    }
}
