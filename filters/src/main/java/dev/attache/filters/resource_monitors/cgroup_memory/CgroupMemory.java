package dev.attache.filters.resource_monitors.cgroup_memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The memory of this process's control group, version 2 or 1. Immutable. */
final class CgroupMemory {

    static final Path ROOT = Path.of("/sys/fs/cgroup");

    private static final long UNLIMITED = Long.MAX_VALUE;

    private final Path usage;
    private final Path limit;

    private CgroupMemory(Path usage, Path limit) {
        this.usage = usage;
        this.limit = limit;
    }

    /** As it is mounted in a container; null where there is neither version. */
    static @Nullable CgroupMemory find(Path root) {
        if (Files.exists(root.resolve("memory.current"))) {
            return new CgroupMemory(root.resolve("memory.current"), root.resolve("memory.max"));
        }
        Path first = root.resolve("memory");
        return Files.exists(first)
                ? new CgroupMemory(
                        first.resolve("memory.usage_in_bytes"),
                        first.resolve("memory.limit_in_bytes"))
                : null;
    }

    /**
     * What is in use as a share of the limit; 0 where there is no limit.
     *
     * @param max an upper bound to the limit in bytes; 0 = none
     */
    double pressure(long max) throws IOException {
        long used = read(usage);
        long allowed = read(limit);
        if (max > 0) {
            allowed = Math.min(allowed, max);
        }
        return allowed == UNLIMITED || allowed == 0 ? 0 : (double) used / allowed;
    }

    private static long read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new IOException("Unable to open memory stats file at " + file, e);
        }
        if (text.isEmpty()) {
            throw new IOException("Empty memory stats file at " + file);
        }
        if (text.equals("max") || text.equals("-1")) {
            return UNLIMITED;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("Unable to parse memory stats from file at " + file, e);
        }
    }
}
