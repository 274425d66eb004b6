package dev.attache.iptables.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many CPUs the kernel may ever have: a per-CPU map has that many values per key. */
final class PossibleCpus {
    static final int COUNT = read();

    private PossibleCpus() {}

    private static int read() {
        try {
            return count(Files.readString(Path.of("/sys/devices/system/cpu/possible")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts a list such as {@code 0-3,8}. */
    static int count(String list) {
        int count = 0;
        for (String range : list.strip().split(",")) {
            String[] ends = range.split("-", 2);
            int first = Integer.parseInt(ends[0]);
            int last = ends.length == 2 ? Integer.parseInt(ends[1]) : first;
            count += last - first + 1;
        }
        return count;
    }
}
