package dev.attache.iptables.kernel;

import java.io.IOException;

/** The kernel refused a system call: what was tried, by which call, and the error number. */
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final String log;

    KernelException(String what, String call, int number) {
        super(what + ": " + call + "(2): " + words(number));
        this.errno = Errno.of(number);
        this.log = "";
    }

    /** A refusal of the BPF verifier: {@code log} says why, and is part of the message. */
    KernelException(String what, KernelException cause, String log) {
        super(what + ": " + cause.getMessage() + "\n" + log.strip(), cause);
        this.errno = cause.errno;
        this.log = log;
    }

    private static String words(int number) {
        Errno errno = Errno.of(number);
        String name = errno == Errno.UNKNOWN ? "errno " + number : errno.name();
        return errno.words() + " (" + name + ")";
    }

    /** Returns the error number's constant. */
    public Errno errno() {
        return errno;
    }

    /** Returns the log of the BPF verifier, empty if it had no part in this. */
    public String log() {
        return log;
    }
}
