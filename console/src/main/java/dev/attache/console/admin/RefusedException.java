package dev.attache.console.admin;

import java.io.IOException;

/** The proxy answered, and not with what was asked for. The message names request and answer. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }
}
