package dev.attache.agent.status.scrape;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code istio_agent_process_*} as Go's process collector has them, from {@code /proc}. In one
 * process they are the proxy's as well; what Go tells of its runtime a JVM does not have.
 */
final class ProcessMetrics {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final double TICKS = 100;
    private static final int UTIME = 11;
    private static final int START = 19;
    private static final int VIRTUAL = 20;
    private static final int RESIDENT = 21;
    private static final int PAGE = 4096;

    private ProcessMetrics() {}

    static String print() {
        StringBuilder out = new StringBuilder();
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double cpu =
                    (Double.parseDouble(fields[UTIME]) + Double.parseDouble(fields[UTIME + 1]))
                            / TICKS;
            add(
                    out,
                    "cpu_seconds_total",
                    "counter",
                    "Total user and system CPU time spent in seconds.",
                    cpu);
            add(out, "open_fds", "gauge", "Number of open file descriptors.", open());
            add(
                    out,
                    "resident_memory_bytes",
                    "gauge",
                    "Resident memory size in bytes.",
                    Double.parseDouble(fields[RESIDENT]) * PAGE);
            add(
                    out,
                    "start_time_seconds",
                    "gauge",
                    "Start time of the process since unix epoch in seconds.",
                    bootTime() + Double.parseDouble(fields[START]) / TICKS);
            add(
                    out,
                    "virtual_memory_bytes",
                    "gauge",
                    "Virtual memory size in bytes.",
                    Double.parseDouble(fields[VIRTUAL]));
        } catch (IOException | RuntimeException e) {
            LOG.debug("the process' own metrics cannot be read", e);
        }
        return out.toString();
    }

    private static double open() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static double bootTime() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.startsWith("btime "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(6).strip()))
                    .findFirst()
                    .orElse(0);
        }
    }

    private static void add(
            StringBuilder out, String name, String type, String help, double value) {
        String full = "istio_agent_process_" + name;
        out.append("# HELP ").append(full).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(full).append(' ').append(type).append('\n');
        out.append(full)
                .append(' ')
                .append(
                        new java.math.BigDecimal(value)
                                .setScale(2, java.math.RoundingMode.HALF_UP)
                                .stripTrailingZeros()
                                .toPlainString())
                .append('\n');
    }
}
