package dev.attache.iptables.apply;

import java.io.Serial;

/** The kernel or a program refused; the message says what was tried, the answer and the remedy. */
public final class ApplyException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    public ApplyException(String message) {
        super(message);
    }
}
