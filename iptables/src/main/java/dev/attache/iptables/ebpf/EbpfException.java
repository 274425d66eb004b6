package dev.attache.iptables.ebpf;

import java.io.IOException;

/** A failure with an exit code: the message names the flag, its value and the remedy. */
final class EbpfException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Bad arguments. */
    static final int USAGE = 2;

    /** The kernel, or the rights of the caller, cannot do it; iptables can. Nothing was changed. */
    static final int UNSUPPORTED = 3;

    private final int exitCode;

    EbpfException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    private EbpfException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static EbpfException badFlag(String flag, String value, String problem, String remedy) {
        return new EbpfException(USAGE, flag + " \"" + value + "\": " + problem + "; " + remedy);
    }

    static EbpfException usage(String message) {
        return new EbpfException(USAGE, message);
    }

    static EbpfException unsupported(String problem) {
        return new EbpfException(UNSUPPORTED, fallback(problem));
    }

    static EbpfException unsupported(String problem, Throwable cause) {
        return new EbpfException(UNSUPPORTED, fallback(problem), cause);
    }

    private static String fallback(String problem) {
        return problem + "; nothing was changed; use \"attache iptables\" instead";
    }

    int exitCode() {
        return exitCode;
    }
}
