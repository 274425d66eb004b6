package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.KernelLayout;
import dev.attache.iptables.ebpf.program.OwnerLayout;
import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.KernelTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    /**
     * Returns what the short path needs to know of this kernel, null if it must not be taken:
     * before 6.13 the kernel does not account for bytes that wait on it, and they could pile up
     * without limit before a slow reader.
     */
    static @Nullable KernelLayout shortcut() throws IOException {
        return accountsForMessages(release()) && KernelTypes.published()
                ? KernelLayout.read()
                : null;
    }

    /** Returns how this kernel tells who opened a socket, null if it does not. */
    static @Nullable OwnerLayout owner() throws IOException {
        if (!KernelTypes.published()) {
            return null;
        }
        try {
            return OwnerLayout.read();
        } catch (IllegalArgumentException e) {
            // An older kernel without the cast: programs go by the running process instead.
            return null;
        }
    }

    /** Tells whether this kernel has MPTCP, whose connections consist of others. */
    static boolean multipath() {
        return Files.exists(Path.of("/proc/sys/net/mptcp"));
    }

    static boolean accountsForMessages(String release) {
        Matcher numbers = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(release);
        if (!numbers.matches()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major > 6 || major == 6 && Integer.parseInt(numbers.group(2)) >= 13;
    }

    private static String release() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        } catch (IOException e) {
            return System.getProperty("os.version") + " (unread: " + e.getMessage() + ")";
        }
    }
}
