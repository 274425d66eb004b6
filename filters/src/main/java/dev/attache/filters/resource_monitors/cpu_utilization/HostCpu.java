package dev.attache.filters.resource_monitors.cpu_utilization;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** All processors of the host: {@code /proc/stat}. */
final class HostCpu implements CpuTime {

    static final Path STAT = Path.of("/proc/stat");

    private static final int USER = 1;
    private static final int IDLE = 4;

    private final Path stat;

    HostCpu(Path stat) {
        this.stat = stat;
    }

    @Override
    public Sample sample() throws IOException {
        String line;
        try (BufferedReader in = Files.newBufferedReader(stat)) {
            line = in.readLine();
        }
        String[] words = line == null ? new String[0] : line.trim().split(" +");
        if (words.length <= IDLE || !words[0].equals("cpu")) {
            throw new IOException("Unexpected format in linux cpu stats file " + stat);
        }
        try {
            double work = 0;
            for (int i = USER; i < IDLE; i++) {
                work += Long.parseLong(words[i]);
            }
            return new Sample(work, work + Long.parseLong(words[IDLE]));
        } catch (NumberFormatException e) {
            throw new IOException("Unexpected format in linux cpu stats file " + stat, e);
        }
    }
}
