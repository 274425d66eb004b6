package dev.attache.iptables.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file system on which maps and links are pinned. */
public final class BpfFilesystem {
    /** Where it is mounted by custom. */
    public static final Path ROOT = Path.of("/sys/fs/bpf");

    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    private BpfFilesystem() {}

    /**
     * Mounts it at {@link #ROOT} unless it is mounted there.
     *
     * @throws IOException if the mounts cannot be read, or the kernel refuses
     */
    public static void mount() throws IOException {
        if (isMounted(Files.readString(MOUNTS))) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            long type = arena.allocateFrom("bpf").address();
            long target = arena.allocateFrom(ROOT.toString()).address();
            SystemCall.MOUNT.call("mount the bpf file system", type, target, type, 0, 0);
        }
    }

    static boolean isMounted(String mounts) {
        return mounts.lines()
                .map(line -> line.split(" "))
                .anyMatch(f -> f.length > 2 && f[1].equals(ROOT.toString()) && f[2].equals("bpf"));
    }
}
