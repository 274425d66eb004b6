package dev.attache.iptables.ebpf;

import dev.attache.iptables.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts a refusal of the kernel into words that name the cause. */
final class Support {
    private Support() {}

    /** Returns what the kernel or the caller lacks. */
    static String explain(KernelException e) {
        String cause =
                switch (e.errno()) {
                    case EPERM, EACCES ->
                            e.log().isEmpty()
                                    ? "the caller lacks CAP_BPF, CAP_NET_ADMIN or CAP_SYS_ADMIN:"
                                            + " run as root"
                                    : "the verifier of this kernel refuses the program";
                    case ENOSYS -> "the kernel is built without bpf(2)";
                    case EINVAL, EOPNOTSUPP, ENOTSUPP ->
                            "kernel " + release() + " is too old or built without it";
                    default -> "kernel " + release() + " cannot";
                };
        return "eBPF interception is not possible: " + cause + ": " + e.getMessage();
    }

    private static String release() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        } catch (IOException e) {
            return System.getProperty("os.version") + " (unread: " + e.getMessage() + ")";
        }
    }
}
