package dev.attache.filters.resource_monitors.cpu_utilization;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the container may use of the processors: control groups, version 2 or 1. */
final class ContainerCpu {

    static final Path ROOT = Path.of("/sys/fs/cgroup");

    private static final int MILLICORES = 1000;
    private static final int NANOS_PER_MICRO = 1000;

    private ContainerCpu() {}

    /** As it is mounted in a container; null where there is neither version. */
    static @Nullable CpuTime find(Path root) {
        return find(root, System::nanoTime);
    }

    static @Nullable CpuTime find(Path root, LongSupplier clock) {
        if (Files.exists(root.resolve("cpu.stat")) && Files.exists(root.resolve("cpu.max"))) {
            return () -> second(root, clock);
        }
        Path shares = root.resolve("cpu/cpu.shares");
        Path usage = root.resolve("cpuacct/cpuacct.usage");
        return Files.exists(shares) && Files.exists(usage)
                ? () -> first(shares, usage, clock)
                : null;
    }

    /** Usage in nanoseconds; as Envoy does, shares are taken for thousandths of a processor. */
    private static CpuTime.Sample first(Path shares, Path usage, LongSupplier clock)
            throws IOException {
        double used = number(Files.readString(usage).strip(), usage);
        return new CpuTime.Sample(
                used * MILLICORES / number(Files.readString(shares).strip(), shares),
                clock.getAsLong());
    }

    private static CpuTime.Sample second(Path root, LongSupplier clock) throws IOException {
        Path stat = root.resolve("cpu.stat");
        String usage =
                Files.readAllLines(stat).stream()
                        .filter(line -> line.startsWith("usage_usec "))
                        .findFirst()
                        .orElseThrow(() -> new IOException("Missing usage_usec in " + stat));
        double used = number(usage.substring(usage.indexOf(' ') + 1), stat) * NANOS_PER_MICRO;
        return new CpuTime.Sample(used / processors(root), clock.getAsLong());
    }

    /** The smaller of the quota and the processors that may be used. */
    private static double processors(Path root) throws IOException {
        Path effective = root.resolve("cpuset.cpus.effective");
        double available =
                Files.exists(effective)
                        ? count(Files.readString(effective).strip(), effective)
                        : Runtime.getRuntime().availableProcessors();
        Path max = root.resolve("cpu.max");
        String[] quota = Files.readString(max).strip().split(" ");
        if (quota.length < 2) {
            throw new IOException("malformed cgroup v2 cpu.max: expected 'quota period'");
        }
        return quota[0].equals("max")
                ? available
                : Math.min(available, number(quota[0], max) / number(quota[1], max));
    }

    /** {@code 0-3,6} are five. */
    private static int count(String list, Path file) throws IOException {
        int count = 0;
        for (String range : list.split(",")) {
            int dash = range.indexOf('-');
            count +=
                    dash < 0
                            ? 1
                            : (int) number(range.substring(dash + 1), file)
                                    - (int) number(range.substring(0, dash), file)
                                    + 1;
        }
        return count;
    }

    private static double number(String text, Path file) throws IOException {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IOException("Unexpected numeric format in " + file + ": " + text, e);
        }
    }
}
