package dev.attache.filters.resource_monitors.cpu_utilization;

import java.io.IOException;

/** Processor time used and available, both since some moment that never changes. */
interface CpuTime {

    /**
     * In any unit, the same for both.
     *
     * @param work time in use
     * @param total time there was
     */
    record Sample(double work, double total) {}

    Sample sample() throws IOException;
}
