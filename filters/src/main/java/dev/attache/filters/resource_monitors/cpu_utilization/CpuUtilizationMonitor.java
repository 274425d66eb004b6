package dev.attache.filters.resource_monitors.cpu_utilization;

import dev.attache.config.overload.ResourceMonitor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The share of processor time in use since it was asked last, dampened as in Envoy. */
final class CpuUtilizationMonitor implements ResourceMonitor {

    /** What the newest measurement weighs. */
    private static final double DAMPENING = 0.05;

    private final CpuTime cpu;
    private CpuTime.@Nullable Sample previous;
    private double utilization;

    CpuUtilizationMonitor(CpuTime cpu) {
        this.cpu = cpu;
        try {
            this.previous = cpu.sample();
        } catch (IOException e) {
            // The first question begins the first period and says what is wrong, if it still is.
            this.previous = null;
        }
    }

    @Override
    public double pressure() throws IOException {
        CpuTime.Sample now = cpu.sample();
        CpuTime.Sample before = previous;
        previous = now;
        if (before == null) {
            return utilization;
        }
        double work = now.work() - before.work();
        double total = now.total() - before.total();
        if (work < 0 || total <= 0) {
            throw new IOException(
                    "Erroneous CPU stats calculation. Work_over_period='%s' cannot be a negative number and total_over_period='%s' must be a positive number."
                            .formatted(work, total));
        }
        utilization = work / total * DAMPENING + (1 - DAMPENING) * utilization;
        return utilization;
    }
}
