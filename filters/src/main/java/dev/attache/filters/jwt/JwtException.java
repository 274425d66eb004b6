package dev.attache.filters.jwt;

/**
 * A token or a key set that cannot be read. Without a stack: clients send such tokens as often as
 * they like.
 */
public final class JwtException extends Exception {

    private static final long serialVersionUID = 1;

    private final JwtStatus status;

    JwtException(JwtStatus status) {
        super(status.text(), null, false, false);
        this.status = status;
    }

    public JwtStatus status() {
        return status;
    }
}
